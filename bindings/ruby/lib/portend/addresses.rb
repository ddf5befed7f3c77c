# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  class << self
    # Splits "host:port" into host and port. An IPv6 address needs brackets.
    #
    #     Portend.parse_target("[::1]:80")  # => ["::1", 80]
    #
    # * text (String)
    # * returns Array(String, Integer)
    # * raises Invalid: the text is not a target
    def parse_target(text)
      target = Native::Target.new
      Error.check(target.parse(text))
      [target.host, target.port]
    end

    # Joins host and port: the inverse of parse_target. A wildcard address is replaced by the result of
    # client_host.
    #
    #     Portend.format_target("::1", 80)  # => "[::1]:80"
    #
    # * host (String)
    # * port (Integer or String)
    # * returns String
    # * raises Invalid: the host or the port is out of range
    def format_target(host, port)
      target = Native::Target.new
      Error.check(target.format(host, Arguments.port(port)))
      target.text
    end

    # Returns the address that a client connects to, for a server that is bound to a host.
    #
    #     Portend.client_host("0.0.0.0")  # => "127.0.0.1"
    #
    # * server_host (String)
    # * returns String
    def client_host(server_host)
      Native.client_host(server_host)
    end
  end
end
