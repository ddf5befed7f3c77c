# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  class << self
    # Takes "host:port" apart. An IPv6 address stands in brackets.
    #
    #     Portend.parse_target("[::1]:80")  # => ["::1", 80]
    #
    # @param text [String]
    # @return [Array(String, Integer)]
    # @raise [Invalid] the text is not a target
    def parse_target(text)
      target = Native::Target.new
      Error.check(target.parse(text))
      [target.host, target.port]
    end

    # The inverse of {parse_target}. A wildcard becomes what {client_host} makes of it.
    #
    #     Portend.format_target("::1", 80)  # => "[::1]:80"
    #
    # @param host [String]
    # @param port [Integer, String]
    # @return [String]
    # @raise [Invalid] there is no such host or port
    def format_target(host, port)
      target = Native::Target.new
      Error.check(target.format(host, Arguments.port(port)))
      target.text
    end

    # The address a client dials to reach a server that is bound to a host.
    #
    #     Portend.client_host("0.0.0.0")  # => "127.0.0.1"
    #
    # @param server_host [String]
    # @return [String]
    def client_host(server_host)
      Native.client_host(server_host)
    end
  end
end
