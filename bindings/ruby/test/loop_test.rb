# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "delegate"
require_relative "support"
require_relative "fiber_loop"

class LoopTest < Minitest::Test
  include Support

  def setup
    waiter = Portend::Waiter.new
    waiter.watch("127.0.0.1", closed)
    waiter.start
  rescue Portend::Unsupported => e
    skip e.message
  end

  def test_P40_a_loop_of_ones_own_drives_a_wait
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", port.number)
    waiter.start(:any, timeout: LONG)
    refute waiter.process
    reading, writing = IO.pipe.each { |io| keep(io) }
    after(0.1, port.method(:listen)) do
      until waiter.process
        ready, = IO.select([waiter, reading], nil, nil, LONG)
        writing.write("x") if ready.include?(waiter)
      end
    end
    assert_predicate waiter.targets.first, :reached?
    refute_predicate waiter.to_io, :closed?
    waiter.reset
    assert_raises(Portend::Invalid) { waiter.to_io }
  end

  def test_P50_the_descriptor_stays_open_until_the_next_start
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", server)
    waiter.start
    descriptor = waiter.to_io.fileno
    waiter.to_io.wait_readable(LONG) until waiter.process
    File.open(File::NULL) { |other| refute_equal descriptor, other.fileno }
    assert_equal descriptor, waiter.to_io.fileno
  end

  def test_P40_a_loop_of_ones_own_hears_of_the_timeout
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", closed)
    waited = seconds do
      waiter.start(timeout: 0.3)
      failure = assert_raises(Portend::Timeout) { waiter.to_io.wait_readable(LONG) until waiter.process }
      assert_includes failure.message, "Port #{closed} not bound"
    end
    assert_includes 0.3..5, waited
    assert_raises(Portend::Invalid) { waiter.process }
    assert_raises(ArgumentError) { waiter.start(:some) }
  end

  def test_P40_other_fibers_run_during_each_wait
    failures = []
    mine = closed
    others = server
    waits = [-> { Portend.occupied("127.0.0.1", mine, timeout: 0.4) },
             -> { Portend.free("localhost", others, timeout: 0.4) },
             -> { Portend.wait_all(["127.0.0.1", mine], "127.0.0.1:#{others}", timeout: 0.4) },
             -> { Portend.wait_any(["127.0.0.1", mine], timeout: 0.4) }]
    gaps = nil
    waited = seconds do
      gaps = ticks_of_a_loop do
        waits.each { |wait| Fiber.schedule { failures << assert_raises(Portend::Timeout, &wait) } }
        Fiber.schedule { assert_equal [:free], Portend.watch(["::1", mine], timeout: 0.2).map(&:state) }
      end
    end
    assert_equal 4, failures.size
    assert_includes 0.4..5, waited
    assert_operator gaps.size, :>, 10
    assert_operator gaps.max, :<, 0.3
  end

  # Its conversion takes a second, as a collection of garbage may.
  class SlowDuration < SimpleDelegator
    def *(other)
      sleep(1) && super
    end
  end

  def test_the_limit_of_a_wait_counts_from_its_call
    number = closed
    wait = -> { Portend.occupied("127.0.0.1", number, timeout: SlowDuration.new(1.2)) }
    waited = seconds { in_a_loop { Fiber.schedule { assert_raises(Portend::Timeout, &wait) } } }
    assert_includes 1.2..2.1, waited
  end

  def test_P40_what_comes_is_seen_in_a_fiber
    seen = []
    in_a_loop do
      Fiber.schedule do
        Portend.occupied("127.0.0.1", port.number)
        seen << :occupied
        Portend.wait_all("127.0.0.1:#{port.number}", state: :free)
        seen << :free
      end
      Fiber.schedule do
        sleep 0.1
        port.listen
        sleep 0.1
        port.close
      end
    end
    assert_equal %i[occupied free], seen
  end

  def test_P40_a_watch_in_a_fiber_tells_each_change
    seen = []
    in_a_loop do
      Fiber.schedule do
        Portend.watch(["127.0.0.1", port.number]) do |event|
          seen << event.state
          break if seen.size == 3

          Fiber.schedule { sleep(0.05) && (seen.size == 1 ? port.listen : port.close) }
        end
      end
    end
    assert_equal %i[free occupied free], seen
  end

  def test_P40_a_fiber_is_canceled_and_waits_again
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", port.number)
    in_a_loop do
      Fiber.schedule do
        assert_raises(Portend::Canceled) { waiter.wait_all }
        waiter.reset
        waiter.wait_all(timeout: LONG)
      end
      Fiber.schedule do
        sleep 0.1
        port.listen
        waiter.cancel
      end
    end
    assert_predicate waiter.targets.first, :reached?
  end

  def test_P53_a_second_use_of_a_waiter_is_refused_at_once
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", port.number)
    first = nil
    in_a_loop do
      Fiber.schedule { first = waiter.wait_all(timeout: LONG) }
      Fiber.schedule do
        uses_of(waiter).each { |use| assert_includes assert_raises(Portend::Invalid, &use).message, "handle" }
        assert_nil first
        port.listen
      end
    end
    assert_equal waiter.targets, first
    assert_predicate waiter.targets.first, :reached?
  end

  def test_P53_a_wait_beside_events_is_refused_at_once
    waiter = Portend::Waiter.new
    waiter.watch("127.0.0.1", port.number)
    seen = []
    in_a_loop do
      Fiber.schedule { waiter.events(timeout: LONG) { |event| (seen << event.state).size == 2 && break } }
      Fiber.schedule do
        sleep 0.01 until seen.any?
        uses_of(waiter).each { |use| assert_raises(Portend::Invalid, &use) }
        port.listen
      end
    end
    assert_equal %i[free occupied], seen
  end

  def test_P40_hundreds_of_waits_live_in_one_loop
    reached = 0
    before = tasks
    in_a_loop do
      200.times do
        Fiber.schedule do
          Portend.occupied("127.0.0.1", port.number)
          reached += 1
        end
      end
      Fiber.schedule { sleep(0.3) && port.listen }
    end
    assert_equal 200, reached
    wait_until { tasks <= before }
  end

  private

  def uses_of(waiter)
    [-> { waiter.wait_all(timeout: LONG) }, -> { waiter.wait_any(timeout: LONG) },
     -> { waiter.events.next }, -> { waiter.occupied("::1", 80) }, -> { waiter.watch("::1", 80) },
     -> { waiter.start }, -> { waiter.reset }]
  end

  def in_a_loop
    Thread.new do
      Fiber.set_scheduler(FiberLoop.new)
      yield
    end.join
  end

  # Measures the intervals of another fiber in the loop.
  def ticks_of_a_loop
    ticks = [now]
    in_a_loop do
      yield
      Fiber.schedule { sleep(0.01) && (ticks << now) while now < ticks.first + 0.5 }
    end
    ticks.each_cons(2).map { |one, other| other - one }
  end
end
