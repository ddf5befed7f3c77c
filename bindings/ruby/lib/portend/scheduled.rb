# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Waits in a fiber that has a scheduler. All waits of a scheduler share a group, and one fiber watches its
  # descriptor. A watch has its own descriptor, since its probing continues between two events.
  # @api private
  module Scheduled # :nodoc:
    module_function

    # Like Native::Waiter#run. In a scheduler `limit` counts from `began`: a collection of garbage during the
    # start of a wait delays no end.
    def run(native, mode, limit, began)
      group = Group.current if Fiber.current_scheduler
      return native.run(mode, limit) unless group

      group.run(native, mode, limit.positive? ? [limit - (now - began).floor, 0].max : limit)
    end

    # Starts a watch; false if this system has no descriptor for it.
    def start(native)
      native.start(Native::ALL, Native::FOREVER) == Native::OK
    end

    # Like Native::Waiter#next, for a watch that was started.
    def next(native, limit, seen)
      ends = deadline(limit)
      while (status = native.next(0, seen)) == Native::ERR_TIMEOUT
        left = left_of(ends) / 1000.0 unless limit == Native::FOREVER
        return status unless io(native).wait_readable(left)

        progress = native.process
        return progress unless [Native::OK, Native::PENDING].include?(progress)
      end
      status
    end

    # The descriptor belongs to the handle, which closes it.
    def io(native)
      IO.for_fd(native.fd, autoclose: false)
    end

    # Returns the time in milliseconds.
    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond)
    end

    # Returns the time `limit` milliseconds from now.
    def deadline(limit)
      now + limit
    end

    # Returns the milliseconds until a time, rounded up.
    def left_of(moment)
      [moment - now, 0].max.ceil
    end
  end

  # The waits of one scheduler.
  # @api private
  class Group # :nodoc:
    # Returns the group of this fiber's scheduler; nil if this system has no descriptor for one.
    def self.current
      thread = Thread.current
      group = thread.thread_variable_get(:portend_group)
      unless group&.serves?(Fiber.current_scheduler)
        group = new(Fiber.current_scheduler)
        thread.thread_variable_set(:portend_group, group)
      end
      group if group.descriptor?
    end

    def initialize(scheduler)
      @scheduler = scheduler
      @process = Process.pid
      @native = Native::Group.new
      @fibers = {} # by the number of the wait
      @ended = {} # the statuses of waits that have ended, by their numbers
      @last = 0
    end

    # Whether the group can be used. A group that was canceled, or inherited by fork, cannot.
    def serves?(scheduler)
      !@canceled && @scheduler.equal?(scheduler) && @process == Process.pid
    end

    def descriptor?
      @descriptor ||= @native.fd >= 0
    end

    # Like Native::Waiter#run.
    def run(waiter, mode, limit)
      id = @last += 1
      status = @native.start(waiter, mode, limit, id)
      return status unless status == Native::OK

      wait(waiter, id)
    end

    private

    def wait(waiter, id)
      @fibers[id] = Fiber.current
      Fiber.schedule { serve } if @fibers.size == 1
      @scheduler.block(self, nil) until (status = @ended.delete(id))
      status = waiter.process if status == Native::OK
      status
    ensure
      waiter.reset unless status
      leave(id)
    end

    def leave(id)
      @fibers.delete(id)
      return unless @fibers.empty? && @serving

      @canceled = true
      @native.cancel
    end

    # Runs in its own fiber, which ends with the last wait.
    def serve
      @serving = true
      io = IO.for_fd(@native.fd, autoclose: false)
      until @fibers.empty?
        io.wait_readable
        dispatch
      end
    ensure
      @serving = false
    end

    def dispatch
      while (status = @native.next(0)) == Native::OK
        tell(@native.ready, status)
      end
      return if [Native::ERR_TIMEOUT, Native::ERR_CANCELED].include?(status)

      tell(@fibers.first.first, status) until @fibers.empty?
    end

    # Wakes the fiber of a wait. A queue would need more objects and a deeper stack, which each collection of
    # garbage would look at.
    def tell(id, status)
      return unless (fiber = @fibers.delete(id))

      @ended[id] = status
      @scheduler.unblock(self, fiber)
    end
  end
  private_constant :Scheduled, :Group
end
