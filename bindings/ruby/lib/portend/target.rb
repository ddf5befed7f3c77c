# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A target of a Waiter. Its methods return what is known at the time.
  class Target
    # String
    attr_reader :host
    # Integer
    attr_reader :port

    # @api private
    def initialize(host, port, index, native) # :nodoc:
      @host = -host
      @port = port
      @index = index
      @native = native
      freeze
    end

    # Symbol: :unknown, :occupied, :free, :bindable or :drained
    def state
      Words::STATES.key(@native.state(@index))
    end

    # Whether the target has reached its wanted state.
    #
    # * returns Boolean
    def reached?
      @native.reached(@index) == 1
    end

    # Why the target is in its state.
    #
    # * returns Symbol: :none, :accepted, :refused, :silent, :unreachable, :unresolved, :backlog_full,
    #   :listening, :forbidden, :other_owner, :closed_early, :in_use, :connected, :bindable, :drained or
    #   :not_listening
    def reason
      Words::REASONS.key(@native.reason(@index))
    end

    # The numeric address that decided the state, if one did.
    #
    # * returns String or nil
    def address
      found = @native.address(@index)
      found unless found.empty?
    end

    # The seconds from the start of the wait until the target reached its state, or until now.
    #
    # * returns Float
    def elapsed
      @native.elapsed_us(@index) / 1e6
    end

    # The number of probes.
    #
    # * returns Integer
    def probes
      @native.probes(@index)
    end

    # A message that says why the target is not in its wanted state; "" if it is.
    #
    # * returns String
    def explain
      @native.explain(@index)
    end

    # The attributes, for pattern matching: <tt>in {state: :free, reason:}</tt>.
    #
    # * returns Hash of Symbol to Object
    def deconstruct_keys(_keys)
      { host:, port:, state:, reason:, reached: reached?, address:, elapsed:, probes: }
    end

    # String: "host:port"
    def to_s
      Portend.format_target(host, port)
    end

    # String
    def inspect
      "#<Portend::Target #{self}: #{state}, #{reason}>"
    end
  end
end
