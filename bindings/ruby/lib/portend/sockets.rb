# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A socket of this machine. Unknown values are nil.
  class SocketInfo
    # Symbol: :listening, :bound, :connected, :time_wait or :udp
    attr_reader :kind
    # String
    attr_reader :address
    # Integer
    attr_reader :port
    # String or nil: the address of the peer of a connection
    attr_reader :peer_address
    # Integer or nil
    attr_reader :peer_port
    # Integer or nil: the process that owns it
    attr_reader :pid
    # Integer or nil: the parent of that process
    attr_reader :parent_pid
    # String or nil: the name of that process
    attr_reader :process
    # String or nil
    attr_reader :command_line
    # String or nil: the user who owns it
    attr_reader :user
    # Float or nil: the remaining seconds of TIME_WAIT
    attr_reader :remaining

    # @api private
    def initialize(snapshot, index) # :nodoc:
      text = ->(name) { snapshot.public_send(name, index).then { |value| value unless value.empty? } }
      @kind = Words::KINDS.key(snapshot.kind(index))
      @address = snapshot.address(index)
      @port = snapshot.port(index)
      @dual_stack = snapshot.dual_stack(index) == 1
      @peer_address = text[:peer_address]
      @peer_port = snapshot.peer_port(index).nonzero?
      @pid = snapshot.pid(index).nonzero?
      @parent_pid = snapshot.parent_pid(index).nonzero?
      @process, @command_line, @user = %i[process command_line user].map(&text)
      @remaining = snapshot.remaining_ms(index) / 1000.0 if @kind == :time_wait
      freeze
    end

    # Whether a socket on "::" also accepts IPv4.
    #
    # * returns Boolean
    def dual_stack?
      @dual_stack
    end

    # String
    def inspect
      known = [kind, address, port, peer_address, peer_port, pid, process].compact
      "#<Portend::SocketInfo #{known.join(' ')}>"
    end
  end

  class << self
    # Lists the listeners of one port or of all ports, sorted by port and address.
    #
    # * port (Integer or String or nil)
    # * returns Array of SocketInfo
    # * raises Unsupported: this system has no readable socket table
    def listeners(port = nil)
      port.nil? ? sockets : sockets(single(port))
    end

    # Lists the sockets of these kinds whose local port is in the range.
    # They are sorted by port, address, kind and peer.
    #
    # * ports (Range of Integer)
    # * kinds (Array of Symbol): of :listening, :bound, :connected, :time_wait and :udp
    # * returns Array of SocketInfo
    # * raises Unsupported: this system has no readable socket table
    def sockets(ports = 1..65_535, kinds: [:listening])
      snapshot = socket_snapshot(ports, kinds)
      Array.new(snapshot.count) { |index| SocketInfo.new(snapshot, index) }
    end

    # Explains why a port is in use: by a listener, a bound socket, a connection, or TIME_WAIT.
    #
    # * port (Integer or String)
    # * udp (Boolean): whether UDP sockets count
    # * returns String: empty if no socket has the port
    # * raises Unsupported: this system has no readable socket table
    def explain_usage(port, udp: false)
      range = single(port)
      kinds = udp ? Words::KINDS.keys : Words::KINDS.keys - [:udp]
      socket_snapshot(range, kinds).explain(range.first)
    end

    private

    def single(port)
      number = Arguments.port(port)
      number..number
    end

    def socket_snapshot(ports, kinds)
      numbers = kinds.map { |kind| Words.number(Words::KINDS, kind) }
      snapshot = Native::Sockets.new
      Error.check(snapshot.create(ports.begin, ports.end, numbers.inject(0, :|)))
      snapshot
    end
  end
end
