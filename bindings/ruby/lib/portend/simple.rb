# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  class << self
    # Waits until something accepts connections on the port.
    #
    # @param host [String] name or numeric address
    # @param port [Integer, String]
    # @param timeout [Numeric, nil] seconds; nil is for ever, 0 looks exactly once
    # @return [void]
    # @raise [Timeout] nothing did in time
    # @raise [Unresolved] the host has no address
    def occupied(host, port, timeout: nil)
      wait_for(:occupied, host, port, timeout)
    end

    # Waits until nothing accepts connections on the port any more.
    #
    # @param host [String] name or numeric address
    # @param port [Integer, String]
    # @param timeout [Numeric, nil] seconds; nil is for ever, 0 looks exactly once
    # @return [void]
    # @raise [Timeout] something still does
    # @raise [Unresolved] the host has no address
    def free(host, port, timeout: nil)
      wait_for(:free, host, port, timeout)
    end

    # Looks once, and fails if something accepts connections on any address of the host.
    #
    # @param host [String] name or numeric address
    # @param port [Integer, String]
    # @param timeout [Numeric, nil] how many seconds one attempt to connect may stay without an answer
    # @return [void]
    # @raise [PortNotFree] something does
    def assert_free(host, port, timeout: 1)
      waiter = Waiter.new
      waiter.free(host, port)
      waiter.assert_free(timeout:)
    end

    # Whether nothing accepts connections there now.
    #
    # @param host [String] name or numeric address
    # @param port [Integer, String]
    # @param timeout [Numeric, nil] as with {assert_free}
    # @return [Boolean]
    def free?(host, port, timeout: 1)
      assert_free(host, port, timeout:)
      true
    rescue PortNotFree
      false
    end

    # Whether something accepts connections there now.
    #
    # @param host [String] name or numeric address
    # @param port [Integer, String]
    # @param timeout [Numeric, nil] as with {assert_free}
    # @return [Boolean]
    def occupied?(host, port, timeout: 1)
      !free?(host, port, timeout:)
    end

    private

    def wait_for(state, host, port, timeout)
      waiter = Waiter.new
      waiter.add(host, port, state)
      waiter.wait_all(timeout:)
      nil
    end
  end
end
