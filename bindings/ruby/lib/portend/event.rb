# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A change of state of one target.
  class Event
    # Target
    attr_reader :target
    # Symbol: as Target#state
    attr_reader :state
    # Symbol: as Target#reason
    attr_reader :reason
    # Integer or nil: errno, if a policy of this system refused the probe
    attr_reader :errno
    # String or nil: the numeric address that decided the state, if one did
    attr_reader :address
    # Time: when it was seen
    attr_reader :time
    # Integer: the same moment by Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    attr_reader :monotonic_ns

    # @api private
    def initialize(target, seen) # :nodoc:
      @target = target
      @state = Words::STATES.key(seen.state)
      @reason = Words::REASONS.key(seen.reason)
      @errno = seen.error.nonzero?
      @address = seen.address.empty? ? nil : seen.address
      @time = Time.at(0, seen.realtime_ns, :nsec)
      @monotonic_ns = seen.monotonic_ns
      freeze
    end

    # The attributes, for pattern matching: <tt>in {state: :occupied, address:}</tt>.
    #
    # * returns Hash of Symbol to Object
    def deconstruct_keys(_keys)
      { target:, state:, reason:, errno:, address:, time:, monotonic_ns: }
    end

    # String
    def inspect
      "#<Portend::Event #{target} #{state}, #{reason}>"
    end
  end
end
