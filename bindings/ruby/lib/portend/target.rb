# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A target of a {Waiter}. What it says is what is known at the moment of asking.
  class Target
    # @return [String]
    attr_reader :host
    # @return [Integer]
    attr_reader :port

    # @api private
    def initialize(host, port, index, native)
      @host = -host
      @port = port
      @index = index
      @native = native
      freeze
    end

    # @return [Symbol] :occupied, :free, or :unknown
    def state
      Words::STATES.key(@native.state(@index))
    end

    # Whether it has reached the state that is wanted of it.
    # @return [Boolean]
    def reached?
      @native.reached(@index) == 1
    end

    # Why it is in its state.
    # @return [Symbol] :none, :accepted, :refused, :silent, :unreachable, :unresolved, :backlog_full or
    #   :listening
    def reason
      Words::REASONS.key(@native.reason(@index))
    end

    # The numeric address that decided, if one did.
    # @return [String, nil]
    def address
      found = @native.address(@index)
      found unless found.empty?
    end

    # Seconds from the begin of the wait to its state, or to now.
    # @return [Float]
    def elapsed
      @native.elapsed_us(@index) / 1e6
    end

    # How often one of its addresses was looked at.
    # @return [Integer]
    def probes
      @native.probes(@index)
    end

    # What is missing and why in a sentence, or "" if nothing is.
    # @return [String]
    def explain
      @native.explain(@index)
    end

    # @return [String] "host:port"
    def to_s
      Portend.format_target(host, port)
    end

    # @return [String]
    def inspect
      "#<Portend::Target #{self}: #{state}, #{reason}>"
    end
  end
end
