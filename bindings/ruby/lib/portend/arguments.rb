# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Converts arguments to what C takes, and refuses invalid ones.
  # @api private
  module Arguments # :nodoc:
    LONGEST_MS = (2**63) - 1

    module_function

    # Converts a port to a number. C refuses numbers out of range.
    def port(given)
      case given
      when Integer then given
      when String
        raise ArgumentError, "#{given.inspect} is not a port" unless given.match?(/\A\d+\z/)

        Integer(given, 10)
      else raise TypeError, "#{given.inspect} is not a port: it must be an Integer or its digits"
      end
    end

    # Converts a target to a host and a port.
    def target(given)
      case given
      when String then Portend.parse_target(given)
      when Addrinfo then [given.ip_address, given.ip_port]
      when Array
        raise ArgumentError, "#{given.inspect} is not a pair of host and port" unless given.size == 2

        given
      else raise TypeError, "#{given.inspect} is not a target: it must be \"host:port\" or [host, port]"
      end
    end

    # Converts a timeout to milliseconds, rounded up.
    def milliseconds(seconds)
      return Native::FOREVER if seconds.nil? || seconds == Float::INFINITY
      raise Invalid, "The timeout is below 0: #{seconds}." if number(seconds).negative?

      [(seconds * 1000).ceil, LONGEST_MS].min
    end

    def microseconds(seconds)
      [(number(seconds) * 1_000_000).round, LONGEST_MS].min
    end

    def flag(given)
      given ? 1 : 0
    end

    # Durations of other libraries are not Numeric, but round in the same way.
    def number(given)
      return given if given.respond_to?(:ceil)

      raise TypeError, "#{given.inspect} is not a number of seconds"
    end
  end
  private_constant :Arguments
end
