# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Any number of targets in one wait, each with its wanted state.
  #
  #     waiter = Portend::Waiter.new(attempt_limit: 0.5)
  #     waiter.occupied("db", 5432)
  #     waiter.free("localhost", 8080)
  #     waiter.wait_all(timeout: 30)
  #
  # One thread at a time may use it to wait or change it; another one is refused with Invalid. The methods
  # of the targets, and cancel, may be called concurrently.
  class Waiter
    BUSY = "Another thread uses this handle: wait for it, or make another handle."
    private_constant :BUSY

    # * interval (Numeric, Array(Numeric, Numeric), nil): the longest interval between two probes in seconds,
    #   or the shortest and the longest; by default, they grow with the time already waited
    # * attempt_limit (Numeric): how many seconds one attempt to connect may stay without an answer before it
    #   counts as silent
    # * family (Symbol): which addresses of the hosts are probed: :any, :ipv4 or :ipv6
    # * retry_names (Boolean): whether a name that does not exist is looked up again until the deadline, for
    #   example for a container that has not started yet
    # * pid (Integer or nil): a process whose exit ends the wait with ProcessGone
    # * owner (Integer or nil): only listeners of this process and its descendants count
    # * evidence (Symbol): what counts as proof that a port is occupied: :auto, :connection or :table
    # * stable (Numeric or nil): how many seconds a connection must stay open before its address counts as
    #   occupied
    def initialize(interval: nil, attempt_limit: nil, family: :any, retry_names: false, pid: nil, owner: nil,
                   evidence: :auto, stable: nil)
      @native = Native::Waiter.new
      @targets = []
      @ends = false
      @looping = false
      @attempt_limit = attempt_limit || 1
      check(@native.set_interval(*bounds(interval))) if interval
      check(@native.set_attempt_limit(Arguments.milliseconds(attempt_limit))) if attempt_limit
      check(@native.set_family(Words.number(Words::FAMILIES, family))) unless family == :any
      check(@native.set_name_retry(1)) if retry_names
      check(@native.set_pid(pid)) if pid
      check(@native.set_owner(owner)) if owner
      check(@native.set_evidence(Words.number(Words::EVIDENCE, evidence)))
      check(@native.set_stable(Arguments.milliseconds(stable))) if stable
    end

    # Array of Target: all targets, in the order in which they were added
    def targets
      @targets.dup
    end

    # Adds a target that is to become occupied.
    #
    # * host (String)
    # * port (Integer or String)
    # * returns Target
    def occupied(host, port)
      add(host, port, :occupied)
    end

    # Adds a target that is to become free.
    #
    # * host (String)
    # * port (Integer or String)
    # * returns Target
    def free(host, port)
      add(host, port, :free)
    end

    # Adds a target that is to become bindable: a server that sets SO_REUSEADDR could listen there.
    #
    # * host (String): an address or a name of this machine
    # * port (Integer or String)
    # * returns Target
    def bindable(host, port)
      add(host, port, :bindable)
    end

    # Adds a target that is to become drained: the port has no TCP connection any more.
    #
    # * host (String): an address or a name of this machine
    # * port (Integer or String)
    # * returns Target
    def drained(host, port)
      add(host, port, :drained)
    end

    # Adds a target with its wanted state.
    #
    # * host (String)
    # * port (Integer or String)
    # * state (Symbol): :occupied, :free, :bindable or :drained
    # * returns Target
    def add(host, port, state)
      number = Arguments.port(port)
      wanted = Words.number(Words::STATES, state)
      target = added(host, number) { @native.add(host, number, wanted) }
      @ends = true
      target
    end

    # Adds a target whose changes events reports. wait_all and wait_any do not wait for it.
    #
    # * host (String)
    # * port (Integer or String)
    # * returns Target
    def watch(host, port)
      number = Arguments.port(port)
      added(host, number) { @native.watch(host, number) }
    end

    # Waits until all targets have reached their states.
    #
    # * timeout (Numeric or nil): seconds
    # * returns Array of Target: the targets
    # * raises Timeout: not in time; the message has a line for each target that has not
    def wait_all(timeout: nil)
      run(Native::ALL, timeout)
      targets
    end

    # Waits until one of the targets has reached its state.
    #
    # * timeout (Numeric or nil): seconds
    # * returns Array of Target: the targets that have reached their states
    # * raises Timeout: none has in time
    def wait_any(timeout: nil)
      run(Native::ANY, timeout)
      @targets.select(&:reached?)
    end

    # Probes every target once, regardless of its wanted state. Target#state then returns the result.
    #
    # * timeout (Numeric or nil): limits the look-up of a name, and each attempt to connect, in seconds; nil
    #   leaves it to the system
    # * returns Array of Target: the targets
    # * raises Timeout: the state of a target cannot be determined
    def probe(timeout: @attempt_limit)
      limit = Arguments.milliseconds(timeout)
      check(anew { @native.probe(limit) })
      targets
    end

    # Probes every target once, regardless of its wanted state, and fails if one is occupied.
    #
    # * timeout (Numeric or nil): as with probe
    # * raises PortNotFree: a target is occupied
    def assert_free(timeout: @attempt_limit)
      limit = Arguments.milliseconds(timeout)
      check(anew { @native.assert_free(limit) })
    end

    # Reports each change of state once, in order; the first is the state that is found.
    #
    # It ends at the timeout, when the waiter is canceled, and when all targets have reached their states.
    # Probing continues from call to call.
    #
    # * timeout (Numeric or nil): seconds
    # * to the block: event (Event)
    # * returns Enumerator of Event: without a block
    # * returns nil
    def events(timeout: nil)
      limit = Arguments.milliseconds(timeout)
      return to_enum(:events, timeout:) unless block_given?

      deadline = Scheduled.deadline(limit)
      seen = Native::Event.new
      until ended?(alone { next_event(limit, seen) })
        yield Event.new(@targets.fetch(seen.target), seen)
        limit = Scheduled.left_of(deadline) unless limit == Native::FOREVER
      end
    end

    # Ends the wait of another thread with Canceled. If no wait is under way, ends the next one. The waiter
    # stays canceled until reset. A trap handler may call it.
    #
    def cancel
      @native.cancel
    end

    # Prepares the waiter for another wait: it is not canceled, and all states are unknown.
    #
    def reset
      check(anew { @native.reset })
    end

    # Starts a wait without blocking, for a foreign event loop: wait until to_io is readable, call
    # process, and repeat until that returns true.
    #
    # * mode (Symbol): :all or :any
    # * timeout (Numeric or nil): seconds
    # * raises Unsupported: this system has no descriptor for a wait
    def start(mode = :all, timeout: nil)
      check(anew { @native.start(Words.number(Words::MODES, mode), Arguments.milliseconds(timeout)) })
    end

    # Returns the descriptor that is readable when process has something to do. It belongs to the waiter,
    # which keeps it open until the next start, reset, or the end of the waiter: do not read or close
    # it. IO.select accepts the waiter itself.
    #
    # * returns IO
    def to_io
      alone do
        raise Invalid, "No wait was started: call start first." if @native.fd.negative?

        Scheduled.io(@native)
      end
    end

    # Runs what is due now, without blocking.
    #
    # * returns Boolean: whether the targets have reached their states; false while the wait continues
    # * raises Timeout: not in time
    def process
      status = alone { @native.process }
      return false if status == Native::PENDING

      check(status)
      true
    end

    private

    def run(mode, timeout)
      began = Scheduled.now
      limit = Arguments.milliseconds(timeout)
      check(anew { @ends ? Scheduled.run(@native, mode, limit, began) : @native.run(mode, limit) })
    end

    def next_event(limit, seen)
      return @native.next(limit, seen) unless Fiber.current_scheduler

      @looping ||= Scheduled.start(@native)
      @looping ? Scheduled.next(@native, limit, seen) : @native.next(limit, seen)
    end

    # Runs a wait. While Ruby needs the thread, the wait is interrupted, and no other call may use the waiter.
    def alone
      raise Invalid, BUSY if @waiting

      begin
        @waiting = true
        yield
      ensure
        @waiting = false
      end
    end

    # Like alone; also ends a watch that a scheduler runs.
    def anew
      alone do
        @native.reset if @looping
        @looping = false
        yield
      end
    end

    def added(host, port, &)
      check(anew(&))
      target = Target.new(host, port, @targets.size, @native)
      @targets << target
      target
    end

    def bounds(interval)
      pair = interval.is_a?(Array) && interval.size == 2 ? interval : [0, interval]
      pair.map { |bound| Arguments.microseconds(bound) }
    end

    # Whether a status is the regular end of a watch. Raises other failures.
    def ended?(status)
      return true if [Native::DONE, Native::ERR_TIMEOUT, Native::ERR_CANCELED].include?(status)

      check(status)
      false
    end

    def check(status)
      Error.check(status, @native)
    end
  end
end
