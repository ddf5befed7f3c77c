# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "tempfile"
require_relative "support"

class LeaksTest < Minitest::Test
  include Support

  ROUNDS = 600
  # Bytes per round. The smallest object that could leak is a waiter, with more than a kilobyte.
  TOLERATED = 500

  def test_P37_waits_in_vain_leave_nothing
    leaves_nothing { assert_raises(Portend::Timeout) { Portend.occupied("127.0.0.1", closed, timeout: 0) } }
  end

  def test_P37_canceled_waits_leave_nothing
    leaves_nothing do
      waiter = Portend::Waiter.new
      waiter.occupied("127.0.0.1", closed)
      waiter.free("localhost", closed)
      waiter.cancel
      assert_raises(Portend::Canceled) { waiter.wait_all }
    end
  end

  def test_P37_waits_that_are_raised_out_of_leave_nothing
    leaves_nothing(200) do
      assert_raises(Timeout::Error) { Timeout.timeout(0.002) { Portend.occupied("127.0.0.1", closed) } }
    end
  end

  def test_P37_threads_that_are_killed_leave_nothing
    targets = [["127.0.0.1", closed], ["localhost", server]]
    leaves_nothing(200) do
      waits = [Thread.new { Portend.wait_all(*targets, state: :free) }, Thread.new do
                                                                          Portend.watch(*targets).to_a
                                                                        end]
      sleep 0.002
      waits.each { |thread| thread.kill.join }
    end
  end

  def test_P37_a_watch_that_is_left_leaks_nothing
    leaves_nothing { assert_equal :free, Portend.watch(["127.0.0.1", closed]).first.state }
  end

  def test_P37_refused_arguments_leave_nothing
    leaves_nothing do
      assert_raises(ArgumentError) { Portend.occupied("a\0b", 80) }
      assert_raises(Portend::Invalid) { Portend.occupied("127.0.0.1", 70_000) }
      assert_raises(TypeError) { Portend.occupied("127.0.0.1", 1.5) }
      assert_raises(Portend::Invalid) { Portend.parse_target("::1:80") }
    end
  end

  def test_P37_names_that_do_not_exist_leave_nothing
    leaves_nothing(200) do
      assert_raises(Portend::Unresolved) do
        Portend.occupied(NO_NAME, 80, timeout: LONG)
      end
    end
  end

  def test_P37_ports_and_snapshots_leave_nothing
    leaves_nothing(200) do
      number = Portend.reserve do |reservation|
        reservation.servers.each(&:close)
        reservation.port
      end
      Portend::Finder.new(prefer: [number]).find_many(2)
      Portend.listeners(number)
      Portend.reserve("127.0.0.1") # closed by the garbage collector
    end
  end

  private

  def leaves_nothing(rounds = ROUNDS, &)
    alive = tasks
    (rounds / 4).times(&)
    before = settled(alive)
    rounds.times(&)
    after = settled(alive)
    assert_equal before.first, after.first
    grown = after.last - before.last
    puts "#{name}: #{grown} bytes more after #{rounds} rounds" if ENV["VERBOSE"]
    assert_operator grown, :<, TOLERATED * rounds
  end

  # Returns the descriptors and bytes after threads have ended and garbage is collected.
  def settled(alive)
    3.times { GC.start }
    wait_until { tasks <= alive + 1 } # Timeout keeps a thread
    [fds, allocated]
  end

  # Returns the bytes that C has allocated, by malloc_info(3).
  def allocated
    Tempfile.create do |file|
      stream = libc("fopen", [C::TEXT, C::TEXT], C::TEXT, file.path, "w")
      libc("malloc_info", [C::INT, C::TEXT], C::INT, 0, stream)
      libc("fclose", [C::TEXT], C::INT, stream)
      totals = file.read.split("</heap>").last
      size = ->(kind) { totals[/type="#{kind}"[^>]*size="(\d+)"/, 1].to_i }
      size["current"] - size["fast"] - size["rest"] + size["mmap"]
    end
  end

  def libc(name, types, result, *arguments)
    Fiddle::Function.new(Fiddle::Handle::DEFAULT[name], types, result).call(*arguments)
  end
end
