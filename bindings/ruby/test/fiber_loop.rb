# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# A minimal fiber scheduler: it waits for descriptors that become readable, and for time.
class FiberLoop
  def initialize
    @readers = {}
    @deadlines = {}
    @ready = Queue.new
    @woken, @wake = IO.pipe
    @blocked = 0
  end

  def close
    turn until @readers.empty? && @deadlines.empty? && @ready.empty? && @blocked.zero?
    [@woken, @wake].each(&:close)
  end

  def fiber(&)
    Fiber.new(blocking: false, &).tap(&:resume)
  end

  def io_wait(io, events, timeout)
    @readers[Fiber.current] = io
    @deadlines[Fiber.current] = now + timeout if timeout
    Fiber.yield ? events : false
  ensure
    forget(Fiber.current)
  end

  def kernel_sleep(duration = nil)
    block(:sleep, duration)
    duration.to_i
  end

  def block(_blocker, timeout = nil)
    @deadlines[Fiber.current] = now + timeout if timeout
    @blocked += 1
    Fiber.yield
  ensure
    @blocked -= 1
    forget(Fiber.current)
  end

  def unblock(_blocker, fiber)
    @ready << fiber
    @wake.write("x")
  end

  private

  def turn
    delay = @deadlines.empty? ? nil : [@deadlines.values.min - now, 0].max
    readable, = IO.select([@woken, *@readers.values], nil, nil, delay)
    @woken.read_nonblock(100) if readable&.include?(@woken)
    due = @readers.select { |_, io| readable&.include?(io) }.keys
    due.each { |fiber| fiber.resume(true) }
    @ready.pop.resume(true) until @ready.empty?
    late = @deadlines.select { |_, moment| moment <= now }.keys
    late.each { |fiber| fiber.resume(false) if @deadlines.key?(fiber) }
  end

  def forget(fiber)
    @readers.delete(fiber)
    @deadlines.delete(fiber)
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
