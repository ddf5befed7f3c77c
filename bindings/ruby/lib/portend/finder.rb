# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A search for ports with options.
  #
  #     finder = Portend::Finder.new(within: 20_000..30_000, exclude: [22_222])
  #     finder.find          # => 20415
  #     finder.find_many(3)  # => [20416, 20417, 20418]
  class Finder
    # * host (String or nil): the address or name of this machine to bind the port on; nil: all addresses
    # * within (Range of Integer or nil): the ports to choose from; by default those that the system assigns
    #   by itself
    # * from (Integer or String or nil): where the search starts
    # * name (String or nil): the purpose of the port, such as a project: the same name gives the same port on
    #   every machine, or the next one that can be bound
    # * consecutive (Boolean): whether several ports are adjacent
    # * browser_safe (Boolean): whether to exclude ports that browsers refuse
    # * prefer (Array of Integer/String/Range of Integer): ports to try first, in this order
    # * exclude (Array of Integer/String/Range of Integer): ports that are never found
    # * only_preferred (Boolean): whether to find only preferred ports
    # * family (Symbol): which addresses of the host count: :any, :ipv4 or :ipv6
    # * udp (Boolean): whether the port must be free for UDP also
    # * avoid_ephemeral (Boolean): whether to choose from the ports that the system does not assign by itself
    # * port_server (Boolean): whether to ask the port server of PORTSERVER_ADDRESS first, if that is set
    # * raises Invalid: an option is out of range
    def initialize(host: nil, within: nil, from: nil, name: nil, consecutive: false, browser_safe: false,
                   prefer: [], exclude: [], only_preferred: false, family: :any, udp: false,
                   avoid_ephemeral: false, port_server: true)
      @native = Native::Finder.new
      check(@native.set_host(host))
      check(@native.set_family(Words.number(Words::FAMILIES, family)))
      set_ports(within, prefer, exclude)
      set_start(from, name)
      switch(consecutive:, browser_safe:, only_preferred:, udp:, avoid_ephemeral:, port_server:)
    end

    # Finds a port that can be bound now.
    #
    # * returns Integer
    # * raises NoPort: no port matches
    def find
      find_many(1).first
    end

    # Finds several distinct ports.
    #
    # * count (Integer)
    # * returns Array of Integer
    # * raises NoPort: fewer ports match
    def find_many(count)
      ports = Native::Ports.new(count)
      check(@native.find(ports))
      Array.new(count) { |index| ports.at(index) }
    end

    # Reserves a port until the reservation is closed, or until the end of the block.
    #
    # * to the block: reservation (Reservation)
    # * returns Reservation
    # * returns Object: what the block returns
    def reserve
      reservation = Reservation.send(:new, @native)
      return reservation unless block_given?

      begin
        yield reservation
      ensure
        reservation.close
      end
    end

    # Reserves several ports in one search: all, or none.
    #
    # * count (Integer)
    # * returns Array of Reservation
    def reserve_many(count)
      several = Native::Reservations.new(count)
      check(several.create(@native))
      Array.new(count) { |index| Reservation.send(:new, several, index) }
    end

    private

    def bounds(ports)
      return [Arguments.port(ports)] * 2 unless ports.is_a?(Range)

      first, last = ports.minmax
      raise ArgumentError, "#{ports.inspect} is not a range of ports" unless first && last

      [first, last]
    end

    def set_ports(within, prefer, exclude)
      check(@native.set_range(*bounds(within))) if within
      prefer.each { |ports| check(@native.add_preferred(*bounds(ports))) }
      exclude.each { |ports| check(@native.add_excluded(*bounds(ports))) }
    end

    def set_start(from, name)
      raise ArgumentError, "from and name exclude each other" if from && name

      check(@native.set_from(Arguments.port(from))) if from
      check(@native.set_name(name)) if name
    end

    def switch(flags)
      flags.each { |name, flag| check(@native.public_send(:"set_#{name}", Arguments.flag(flag))) }
    end

    def check(status)
      Error.check(status, @native)
    end
  end

  class << self
    # Finds a port that can be bound now; see Finder for options.
    #
    # * host (String or nil): an address or a name of this machine; nil: all addresses
    # * returns Integer
    # * raises NoPort: no port can be bound
    def find_port(host = nil)
      Finder.new(host:).find
    end

    # Returns a port that a search found and that its server does not use any more, so that a later search may
    # find it again at once.
    #
    # A port server takes no port back before this process has ended: its port is kept for this process, and
    # found again before the port server is asked. A port that was found by its number is not passed over any
    # more. Other ports need no return.
    #
    # * port (Integer or String)
    def return_port(port)
      Error.check(Native.return_port(Arguments.port(port)))
    end

    # Reserves a port; see Finder for options.
    #
    # * host (String or nil): an address or a name of this machine; nil: all addresses
    # * to the block: reservation (Reservation)
    # * returns Reservation
    # * returns Object: what the block returns
    def reserve(host = nil, &)
      Finder.new(host:).reserve(&)
    end
  end
end
