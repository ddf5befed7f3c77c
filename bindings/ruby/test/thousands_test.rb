# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"
require_relative "fiber_loop"

# Thousands of waits at once in the fibers of one scheduler, with deadlines spread over two seconds.
class ThousandsTest < Minitest::Test
  include Support

  COUNT = 5000

  def test_P52_thousands_of_waits_need_few_threads_and_descriptors
    before = [fds, tasks]
    spent = processor_time
    more = nil
    late = in_a_loop do |deadlines|
      Fiber.schedule do
        sleep 2
        more = [fds, tasks].zip(before).map { |now, then_| now - then_ }
      end
      waits(deadlines)
    end.sort
    spent = (processor_time - spent) / COUNT
    puts "#{(spent * 1e6).round} µs of processor time each"
    puts "#{more.join(' descriptors and ')} threads more; late by a median of #{ms(late[COUNT / 2])} ms, " \
         "99 % #{ms(late[COUNT * 99 / 100])} ms, worst #{ms(late.last)} ms"
    assert_equal COUNT, late.size
    assert_operator more.first, :<=, 16
    assert_operator more.last, :<=, 4
    assert_operator late.first, :>=, -0.001
    # Lateness depends on what else the machine does; cost does not.
    assert_operator spent, :<=, 0.001
  end

  private

  def in_a_loop
    Thread.new do
      Fiber.set_scheduler(FiberLoop.new)
      first = now + 4
      late = yield(Array.new(COUNT) { |index| first + (index * 2.0 / COUNT) })
      Fiber.scheduler.close
      late
    end.value
  end

  def waits(deadlines)
    number = closed
    late = []
    deadlines.each do |deadline|
      Fiber.schedule do
        Portend.occupied("127.0.0.1", number, timeout: deadline - now)
      rescue Portend::Timeout
        late << (now - deadline)
      end
    end
    late
  end

  def processor_time
    Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
  end

  def ms(seconds)
    (seconds * 1000).round(1)
  end
end
