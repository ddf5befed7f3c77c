# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Waits in a fiber that has a scheduler. All waits of a scheduler share a group, and one fiber watches its
  # descriptor. A watch has its own descriptor, since its probing continues between two events.
  # @api private
  module Scheduled # :nodoc:
    module_function

    # Like Native::Waiter#run.
    def run(native, mode, limit)
      group = Group.current
      group ? group.run(native, mode, limit) : native.run(mode, limit)
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

    # Returns the time `limit` milliseconds from now.
    def deadline(limit)
      Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond) + limit
    end

    # Returns the milliseconds until a time, rounded up.
    def left_of(moment)
      [moment - deadline(0), 0].max.ceil
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
      @ended = {}
      @fibers = {} # some schedulers have no other reference to a waiting fiber
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
      @ended[id] = Thread::Queue.new
      @fibers[id] = Fiber.current
      Fiber.schedule { serve } if @ended.size == 1
      status = @ended[id].pop
      status = waiter.process if status == Native::OK
      status
    ensure
      waiter.reset unless status
      leave(id)
    end

    def leave(id)
      @ended.delete(id)
      @fibers.delete(id)
      return unless @ended.empty? && @serving

      @canceled = true
      @native.cancel
    end

    # Runs in its own fiber, which ends with the last wait.
    def serve
      @serving = true
      io = IO.for_fd(@native.fd, autoclose: false)
      until @ended.empty?
        io.wait_readable
        dispatch
      end
    ensure
      @serving = false
    end

    def dispatch
      while (status = @native.next(0)) == Native::OK
        @ended.delete(@native.ready)&.push(status)
      end
      return if [Native::ERR_TIMEOUT, Native::ERR_CANCELED].include?(status)

      @ended.each_value { |queue| queue.push(status) }
      @ended.clear
    end
  end
  private_constant :Scheduled, :Group
end
