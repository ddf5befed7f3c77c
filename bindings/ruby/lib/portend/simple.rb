# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  class << self
    # Waits until the port is occupied: a server listens on an address of the host.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): seconds; nil never gives up, 0 probes exactly once
    # * raises Timeout: the port was not occupied in time
    # * raises Unresolved: the host has no address
    def occupied(host, port, timeout: nil)
      wait_for(:occupied, host, port, timeout)
    end

    # Waits until the port is free: no address of the host is occupied.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): seconds; nil never gives up, 0 probes exactly once
    # * raises Timeout: the port was not free in time
    # * raises Unresolved: the host has no address
    def free(host, port, timeout: nil)
      wait_for(:free, host, port, timeout)
    end

    # Waits until a server that sets SO_REUSEADDR, as TCPServer does, could listen on the port.
    #
    # * host (String): an address or a name of this machine
    # * port (Integer or String)
    # * timeout (Numeric or nil): seconds; nil never gives up, 0 probes exactly once
    # * raises Timeout: the port was not bindable in time
    # * raises Unsupported: the host is another machine
    def bindable(host, port, timeout: nil)
      wait_for(:bindable, host, port, timeout)
    end

    # Waits until the port has no TCP connection any more.
    #
    # * host (String): an address or a name of this machine
    # * port (Integer or String)
    # * timeout (Numeric or nil): seconds; nil never gives up, 0 probes exactly once
    # * raises Timeout: the port still has connections
    # * raises Unsupported: the host is another machine
    def drained(host, port, timeout: nil)
      wait_for(:drained, host, port, timeout)
    end

    # Whether a server that sets SO_REUSEADDR, as TCPServer does, could listen on the port now.
    #
    # * host (String): an address or a name of this machine
    # * port (Integer or String)
    # * returns Boolean
    def bindable?(host, port)
      bindable(host, port, timeout: 0)
      true
    rescue Timeout
      false
    end

    # Probes every address of the host once.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): as with assert_free
    # * returns Symbol: :occupied or :free
    # * raises Timeout: the state cannot be determined
    def probe(host, port, timeout: 1)
      waiter = Waiter.new
      target = waiter.occupied(host, port)
      waiter.probe(timeout:)
      target.state
    end

    # Probes every address of the host once, and fails if one is occupied.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): limits the look-up of the name, and each attempt to connect, in seconds; nil
    #   leaves it to the system
    # * raises PortNotFree: the port is occupied
    def assert_free(host, port, timeout: 1)
      waiter = Waiter.new
      waiter.free(host, port)
      waiter.assert_free(timeout:)
    end

    # Whether the port is free now; see probe.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): as with assert_free
    # * returns Boolean
    def free?(host, port, timeout: 1)
      probe(host, port, timeout:) == :free
    end

    # Whether the port is occupied now; see probe.
    #
    # * host (String): name or numeric address
    # * port (Integer or String)
    # * timeout (Numeric or nil): as with assert_free
    # * returns Boolean
    def occupied?(host, port, timeout: 1)
      probe(host, port, timeout:) == :occupied
    end

    private

    # Makes no Waiter, whose objects each collection of garbage would look at during thousands of waits.
    def wait_for(state, host, port, timeout)
      began = Scheduled.now
      waiter = Native::Waiter.new
      number = Arguments.port(port)
      Error.check(waiter.add(host, number, Words.number(Words::STATES, state)), waiter)
      limit = Arguments.milliseconds(timeout)
      Error.check(Scheduled.run(waiter, Native::ALL, limit, began), waiter)
    end
  end
end
