# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  class << self
    # Waits until all targets are in a state.
    #
    #     Portend.wait_all("db:5432", ["cache", 6379], timeout: 30)
    #
    # * targets (Array of String, Addrinfo or pairs): "host:port", or a host and a port
    # * timeout (Numeric or nil): seconds
    # * state (Symbol): :occupied, :free, :bindable or :drained
    # * returns Array of Target: the targets
    # * raises Timeout: not in time; the message has a line for each target that has not
    def wait_all(*targets, timeout: nil, state: :occupied)
      waiter_for(targets) { |waiter, host, port| waiter.add(host, port, state) }.wait_all(timeout:)
    end

    # Waits until one of the targets is in a state.
    #
    # * targets (Array of String, Addrinfo or pairs): "host:port", or a host and a port
    # * timeout (Numeric or nil): seconds
    # * state (Symbol): :occupied, :free, :bindable or :drained
    # * returns Array of Target: the targets that are in the state
    # * raises Timeout: no target was in time
    def wait_any(*targets, timeout: nil, state: :occupied)
      waiter_for(targets) { |waiter, host, port| waiter.add(host, port, state) }.wait_any(timeout:)
    end

    # Reports each change of state of the targets once, in order; the first is the state that is found.
    #
    #     Portend.watch("db:5432") { |event| puts "#{event.target} is #{event.state}" }
    #
    # * targets (Array of String, Addrinfo or pairs): "host:port", or a host and a port
    # * timeout (Numeric or nil): seconds until it ends
    # * to the block: event (Event)
    # * returns Enumerator of Event: without a block
    # * returns nil
    def watch(*targets, timeout: nil, &block)
      waiter_for(targets) { |waiter, host, port| waiter.watch(host, port) }.events(timeout:, &block)
    end

    private

    def waiter_for(targets)
      gap = targets.index(nil)
      raise ArgumentError, "target #{gap} is nil" if gap

      targets.each_with_object(Waiter.new) { |target, waiter| yield waiter, *Arguments.target(target) }
    end
  end
end
