# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Any number of targets in one wait, each with the state that is wanted of it.
  #
  #     waiter = Portend::Waiter.new(attempt_limit: 0.5)
  #     waiter.occupied("db", 5432)
  #     waiter.free("localhost", 8080)
  #     waiter.wait_all(timeout: 30)
  #
  # One thread at a time may wait or change it; another one is refused with {Invalid}. Asking the targets
  # and {#cancel} are welcome meanwhile.
  class Waiter
    BUSY = "Another thread uses this handle: wait for it, or make another handle."
    WITHOUT_END = "All targets are only watched: there is nothing to wait for."
    private_constant :BUSY, :WITHOUT_END

    # @param interval [Numeric, Array(Numeric, Numeric), nil] the longest pause between two looks in
    #   seconds, or the shortest and the longest; unset, they grow with the time already waited
    # @param attempt_limit [Numeric] how many seconds one attempt to connect may stay without an answer
    #   before it counts as silent
    # @param family [Symbol] which addresses of the hosts are looked at: :any, :ipv4 or :ipv6
    # @param retry_names [Boolean] whether a name that does not exist is looked up again until the deadline,
    #   as for a container that has not started yet
    # @param pid [Integer, nil] a process whose death ends the wait with {ProcessGone}
    def initialize(interval: nil, attempt_limit: nil, family: :any, retry_names: false, pid: nil)
      @native = Native::Waiter.new
      @targets = []
      @ends = false
      @attempt_limit = attempt_limit || 1
      check(@native.set_interval(*bounds(interval))) if interval
      check(@native.set_attempt_limit(Arguments.milliseconds(attempt_limit))) if attempt_limit
      check(@native.set_family(Words.number(Words::FAMILIES, family))) unless family == :any
      check(@native.set_name_retry(1)) if retry_names
      check(@native.set_pid(pid)) if pid
    end

    # @return [Array<Target>] all that were added, in that order
    def targets
      @targets.dup
    end

    # Adds a target that is wanted to be occupied.
    # @param host [String]
    # @param port [Integer, String]
    # @return [Target]
    def occupied(host, port)
      add(host, port, :occupied)
    end

    # Adds a target that is wanted to be free.
    # @param host [String]
    # @param port [Integer, String]
    # @return [Target]
    def free(host, port)
      add(host, port, :free)
    end

    # Adds a target and the state that is wanted of it.
    # @param host [String]
    # @param port [Integer, String]
    # @param state [Symbol] :occupied or :free
    # @return [Target]
    def add(host, port, state)
      number = Arguments.port(port)
      wanted = Words.number(Words::STATES, state)
      target = added(host, number) { @native.add(host, number, wanted) }
      @ends = true
      target
    end

    # Adds a target that {#events} tells of, and that nothing waits for.
    # @param host [String]
    # @param port [Integer, String]
    # @return [Target]
    def watch(host, port)
      number = Arguments.port(port)
      added(host, number) { @native.watch(host, number) }
    end

    # Waits until all targets have reached their states.
    # @param timeout [Numeric, nil] seconds
    # @return [Array<Target>] the targets
    # @raise [Timeout] not in time; the message tells of each why
    def wait_all(timeout: nil)
      run(Native::ALL, timeout)
      targets
    end

    # Waits until one of the targets has reached its state.
    # @param timeout [Numeric, nil] seconds
    # @return [Array<Target>] which have
    # @raise [Timeout] none has in time
    def wait_any(timeout: nil)
      run(Native::ANY, timeout)
      @targets.select(&:reached?)
    end

    # Looks once at every address of the targets, and fails if one accepts, whatever is wanted of them.
    # @param timeout [Numeric, nil] how many seconds one attempt to connect may stay without an answer before
    #   it counts as silent; nil leaves that to the system
    # @return [void]
    # @raise [PortNotFree] one does
    def assert_free(timeout: @attempt_limit)
      limit = Arguments.milliseconds(timeout)
      limit = Arguments.milliseconds(@attempt_limit) if limit.zero?
      check(alone { @native.assert_free(limit) })
    end

    # Each change of state, once and in order, the first being what is found.
    #
    # It ends when the timeout is over, when the waiter is cancelled, and when all targets have reached what
    # was wanted. Looking goes on where it was left.
    #
    # @param timeout [Numeric, nil] seconds
    # @yieldparam event [Event]
    # @return [Enumerator<Event>] without a block
    # @return [nil]
    def events(timeout: nil)
      limit = Arguments.milliseconds(timeout)
      return to_enum(:events, timeout:) unless block_given?

      deadline = Scheduled.deadline(limit)
      seen = Native::Event.new
      until over?(alone { next_event(limit, seen) })
        yield Event.new(@targets.fetch(seen.target), seen)
        limit = Scheduled.left_of(deadline) unless limit == Native::FOREVER
      end
    end

    # Ends the wait of another thread, or the next one, with {Canceled}. It stays until {#reset}. A trap
    # handler may call it.
    # @return [void]
    def cancel
      @native.cancel
    end

    # Makes the waiter fit for another wait: not cancelled, and nothing known.
    # @return [void]
    def reset
      check(alone { @native.reset })
    end

    # Begins a wait without blocking, for a foreign event loop: wait until {#to_io} is readable, call
    # {#process}, and so on until that says true.
    # @param mode [Symbol] :all or :any
    # @param timeout [Numeric, nil] seconds
    # @return [void]
    # @raise [Unsupported] this system has no descriptor that stands for many
    def start(mode = :all, timeout: nil)
      check(alone { @native.start(Words.number(Words::MODES, mode), Arguments.milliseconds(timeout)) })
    end

    # The descriptor that is readable when {#process} has something to do. It is the waiter's: do not read
    # or close it. IO.select takes the waiter itself.
    # @return [IO]
    def to_io
      alone do
        raise Invalid, "No wait was begun." if @native.fd.negative?

        Scheduled.io(@native)
      end
    end

    # Does what is due now, without blocking.
    # @return [Boolean] whether the targets have reached their states; false while that is pending
    # @raise [Timeout] not in time
    def process
      status = alone { @native.process }
      return false if status == Native::PENDING

      check(status)
      true
    end

    private

    def run(mode, timeout)
      limit = Arguments.milliseconds(timeout)
      raise Invalid, WITHOUT_END unless @ends || @targets.empty?

      is_scheduled = Fiber.current_scheduler
      check(alone { is_scheduled ? Scheduled.run(@native, mode, limit) : @native.run(mode, limit) })
    end

    def next_event(limit, seen)
      Fiber.current_scheduler ? Scheduled.next(@native, limit, seen) : @native.next(limit, seen)
    end

    # A wait leaves the handle whenever Ruby wants the thread: nobody else may take it then.
    def alone
      raise Invalid, BUSY if @waiting

      begin
        @waiting = true
        yield
      ensure
        @waiting = false
      end
    end

    def added(host, port, &)
      check(alone(&))
      target = Target.new(host, port, @targets.size, @native)
      @targets << target
      target
    end

    def bounds(interval)
      pair = interval.is_a?(Array) && interval.size == 2 ? interval : [0, interval]
      pair.map { |bound| Arguments.microseconds(bound) }
    end

    # Whether watching has come to its natural end; other failures are raised.
    def over?(status)
      return true if [Native::ERR_TIMEOUT, Native::ERR_CANCELED].include?(status)
      return true if status == Native::ERR_INVALID && @targets.any? && @targets.all?(&:reached?)

      check(status)
      false
    end

    def check(status)
      Error.check(status, @native)
    end
  end
end
