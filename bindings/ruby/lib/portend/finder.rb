# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A search for ports with wishes.
  #
  #     finder = Portend::Finder.new(within: 20_000..30_000, exclude: [22_222])
  #     finder.find          # => 20415
  #     finder.find_many(3)  # => [20416, 20417, 20418]
  class Finder
    # @param host [String, nil] where it is to be bound: an address or a name of this machine, or all of it
    # @param within [Range<Integer>, nil] the ports to choose from; unset, those that the system itself
    #   hands out
    # @param from [Integer, String, nil] the port to begin at: the first one from there on is given
    # @param name [String, nil] what a port is wanted for, such as a project: the same name gives the same
    #   port on every machine, or the next one that can be bound
    # @param consecutive [Boolean] whether ports that are asked for together follow one another
    # @param browser_safe [Boolean] whether ports are left out that browsers refuse to fetch from
    # @param prefer [Array<Integer, String, Range<Integer>>] ports to try first, in this order
    # @param exclude [Array<Integer, String, Range<Integer>>] ports never to be given
    # @param only_preferred [Boolean] whether only the preferred ports may be given
    # @param family [Symbol] which addresses of the host count: :any, :ipv4 or :ipv6
    # @param udp [Boolean] whether the port must be free for UDP as well
    # @param avoid_ephemeral [Boolean] whether to choose from the ports that the system does not hand out
    #   by itself
    # @param port_server [Boolean] whether the port server of PORTSERVER_ADDRESS is asked first, if that is
    #   set
    # @raise [Invalid] a wish is out of range
    def initialize(host: nil, within: nil, prefer: [], exclude: [], only_preferred: false, family: :any,
                   udp: false, avoid_ephemeral: false, port_server: true)
      @native = Native::Finder.new
      check(@native.set_host(host))
      check(@native.set_range(*bounds(within))) if within
      check(@native.set_family(Words.number(Words::FAMILIES, family)))
      prefer.each { |port| check(@native.prefer(Arguments.port(port))) }
      exclude.each { |port| check(@native.exclude(Arguments.port(port))) }
      switch(only_preferred:, set_udp: udp, avoid_ephemeral:,
             use_port_server: port_server)
    end

    # A port that could be bound a moment ago.
    # @return [Integer]
    # @raise [NoPort] none fits
    def find
      find_many(1).first
    end

    # So many ports, all distinct.
    # @param count [Integer]
    # @return [Array<Integer>]
    # @raise [NoPort] not that many fit
    def find_many(count)
      ports = Native::Ports.new(count)
      check(@native.find(ports))
      Array.new(count) { |index| ports.at(index) }
    end

    # A port that nobody else can take as long as the reservation lives: until the end of the block, if there
    # is one.
    # @yieldparam reservation [Reservation]
    # @return [Reservation]
    # @return [Object] what the block returns
    def reserve
      reservation = Reservation.new(@native)
      return reservation unless block_given?

      begin
        yield reservation
      ensure
        reservation.close
      end
    end

    private

    def bounds(within)
      first, last = within.minmax
      raise ArgumentError, "#{within.inspect} is no range of ports" unless first && last

      [first, last]
    end

    def switch(wishes)
      wishes.each { |name, wish| check(@native.public_send(name, Arguments.flag(wish))) }
    end

    def check(status)
      Error.check(status, @native)
    end
  end

  class << self
    # A port that could be bound a moment ago; see {Finder} for wishes.
    #
    # @param host [String, nil] where: an address or a name of this machine, or all of it
    # @return [Integer]
    # @raise [NoPort] there is none
    def find_port(host = nil)
      Finder.new(host:).find
    end

    # A port that nobody else can take; see {Finder} for wishes.
    #
    # @param host [String, nil] where: an address or a name of this machine, or all of it
    # @yieldparam reservation [Reservation]
    # @return [Reservation]
    # @return [Object] what the block returns
    def reserve(host = nil, &)
      Finder.new(host:).reserve(&)
    end
  end
end
