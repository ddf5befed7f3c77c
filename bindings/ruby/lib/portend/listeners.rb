# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A listening TCP socket of this machine.
  #
  # pid, process and user are nil where the system does not tell; dual_stack? is whether a listener on "::"
  # takes IPv4 connections as well.
  class Listener
    # @return [String]
    attr_reader :address
    # @return [Integer]
    attr_reader :port
    # @return [Integer, nil] the process that holds it
    attr_reader :pid
    # @return [String, nil] the name of that process
    attr_reader :process
    # @return [String, nil] the user who owns it
    attr_reader :user

    # @api private
    def initialize(snapshot, index)
      @address = snapshot.address(index)
      @port = snapshot.port(index)
      @pid = snapshot.pid(index).nonzero?
      @process, @user = [snapshot.process(index), snapshot.user(index)].map { |text| text unless text.empty? }
      @dual_stack = snapshot.dual_stack(index) == 1
      freeze
    end

    # Whether a listener on "::" takes IPv4 connections as well.
    # @return [Boolean]
    def dual_stack?
      @dual_stack
    end

    # @return [String]
    def inspect
      "#<Portend::Listener #{[address, port, pid, process, user].compact.join(' ')}>"
    end
  end

  class << self
    # Who listens on a port, or on any; sorted by port and address.
    #
    # @param port [Integer, String, nil]
    # @return [Array<Listener>]
    # @raise [Unsupported] this system does not tell
    def listeners(port = nil)
      number = port.nil? ? 0 : Arguments.port(port)
      raise Invalid, "Port 0 is outside 1 to 65535." if number.zero? && !port.nil?

      snapshot = Native::Listeners.new
      Error.check(snapshot.create(number))
      Array.new(snapshot.count) { |index| Listener.new(snapshot, index) }
    end
  end
end
