# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # What fails, in a sentence for people. Each status of C has a class of its own below this.
  class Error < StandardError
    # @return [Integer, nil] the status of C
    attr_reader :status

    # @param message [String, nil]
    # @param status [Integer, nil] unless it is the one of the class
    def initialize(message = nil, status = STATUSES[self.class])
      @status = status
      super(message)
    end
  end

  # The state did not come in time.
  #
  # It is no Timeout::Error: a Timeout.timeout around a wait can be told from the wait's own.
  class Timeout < Error; end

  # Something listens on a port that was to be free.
  class PortNotFree < Error; end

  # An argument is outside of what is taken, or an object is used wrongly.
  class Invalid < Error; end

  # The host has no address.
  class Unresolved < Error; end

  # No port fits what was asked for.
  class NoPort < Error; end

  # The wait was cancelled by {Waiter#cancel}.
  class Canceled < Error; end

  # The system refused a socket, a thread or the like.
  class SystemError < Error
    # @return [Integer, nil] why, as in SystemCallError#errno
    def errno
      message[/\(errno (\d+)\)/, 1]&.to_i
    end
  end

  # There is no memory left.
  class NoMemory < Error; end

  # A bug in the library: please report the sentence.
  class InternalError < Error; end

  # The process that should have brought the state about has died.
  class ProcessGone < Error; end

  # This system cannot do it.
  class Unsupported < Error; end

  class Error
    STATUSES = {
      Timeout => Native::ERR_TIMEOUT,
      PortNotFree => Native::ERR_NOT_FREE,
      Invalid => Native::ERR_INVALID,
      Unresolved => Native::ERR_RESOLVE,
      NoPort => Native::ERR_NO_PORT,
      Canceled => Native::ERR_CANCELED,
      SystemError => Native::ERR_SYSTEM,
      NoMemory => Native::ERR_NO_MEMORY,
      InternalError => Native::ERR_INTERNAL,
      ProcessGone => Native::ERR_GONE,
      Unsupported => Native::ERR_UNSUPPORTED
    }.freeze
    private_constant :STATUSES

    # The error for a status of C that is not 0.
    # @api private
    def self.for(status, message)
      (STATUSES.key(status) || Error).new(message.empty? ? Native.strerror(status) : message, status)
    end

    # Raises what a status stands for, in the words of the handle that gave it.
    # @api private
    def self.check(status, handle = nil)
      return if status == Native::OK

      message = handle ? handle.message : ""
      raise self.for(status, message.empty? ? Native.last_error : message)
    end
  end
end
