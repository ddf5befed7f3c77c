# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class InterruptionTest < Minitest::Test
  include Support

  # The promised latency is 100 ms; the machine may be busy at times.
  PROMISED = 0.1
  GENEROUS = 2.0
  MOMENTS = 100

  # A shell makes background processes ignore SIGINT.
  def setup
    @on_interrupt = trap(:INT, "DEFAULT")
  end

  def teardown
    trap(:INT, @on_interrupt)
    super
  end

  def test_P24_another_thread_runs_during_a_wait
    rounds = 0
    ended = false
    thread = Thread.new { (rounds += 1) && 1000.times { nil } until ended }
    before = rounds
    assert_raises(Portend::Timeout) { Portend.occupied("127.0.0.1", closed, timeout: 0.5) }
    during = rounds - before
    ended = true
    thread.join
    assert_operator during, :>, 100
  end

  def test_P24_many_threads_wait_at_the_same_time
    number = closed
    waited = seconds do
      threads = Array.new(20) do
        Thread.new { assert_raises(Portend::Timeout) { Portend.occupied("127.0.0.1", number, timeout: 0.4) } }
      end
      threads.each(&:join)
    end
    assert_includes 0.4..5, waited
  end

  def test_P25_ctrl_c_ends_a_wait_at_any_moment
    [nil, LONG].each do |timeout|
      be_prompt(take_interrupts { Portend.occupied("127.0.0.1", closed, timeout:) })
    end
  end

  def test_P25_ctrl_c_ends_a_wait_for_a_listener_to_leave
    be_prompt(take_interrupts { Portend.free("localhost", server) })
  end

  def test_P25_ctrl_c_ends_a_watch_of_many
    targets = [["127.0.0.1", closed], ["localhost", server]] * 20
    latencies = take_interrupts do
      Portend.watch(*targets) { |event| assert_includes %i[occupied free], event.state }
    end
    be_prompt(latencies)
  end

  def test_P25_an_interrupted_waiter_keeps_what_it_knew_and_can_wait_again
    waiter = Portend::Waiter.new
    up = waiter.occupied("127.0.0.1", server)
    waiter.occupied("127.0.0.1", port.number)
    take_interrupts(3) { waiter.wait_all }
    assert_equal [:occupied, true], [up.state, up.reached?]
    after(0.1, port.method(:listen)) { waiter.wait_all(timeout: LONG) }
  end

  def test_P25_ctrl_c_kills_a_program_that_does_not_catch_it
    pid, out = start_ruby("$stdout.sync = true; puts :ready; Portend.occupied('127.0.0.1', #{closed})")
    sleep 0.2
    waited = seconds do
      Process.kill(:INT, pid)
      assert_includes out.read, "Interrupt"
    end
    assert_operator waited, :<, GENEROUS
    assert_equal Signal.list["INT"], Process.wait2(pid).last.termsig
  end

  def test_P25_ctrl_c_ends_a_single_probe_of_a_silent_host
    code = "$stdout.sync = true; puts :ready; Portend.assert_free('#{SILENT_HOST}', 80, timeout: 60)"
    pid, out = start_ruby(code, *without_answers)
    sleep 0.3
    waited = seconds do
      Process.kill(:INT, pid)
      out.read
    end
    assert_operator waited, :<, GENEROUS
    assert_equal Signal.list["INT"], Process.wait2(pid).last.termsig
  end

  def test_P26_a_handler_that_returns_does_not_end_a_wait
    rings = []
    target = nil
    trapping(:ALRM, ->(_) { rings << now }) do
      ringing(:ALRM, 0.01) do
        waiter = Portend::Waiter.new
        target = waiter.occupied("127.0.0.1", closed)
        waited = seconds { assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.5) } }
        assert_includes 0.5..5, waited
      end
    end
    assert_operator rings.size, :>=, 10
    assert_operator rings.each_cons(2).map { |one, other| other - one }.max, :<, 0.45
    # The wait is the same one, and was not restarted, if this system has a descriptor for it.
    assert_operator target.elapsed, :>=, 0.5 if descriptor?
  end

  def test_P26_a_handler_that_returns_does_not_disturb_a_watch
    trapping(:ALRM, ->(_) {}) do
      ringing(:ALRM, 0.005) do
        events = Portend.watch(["127.0.0.1", closed], timeout: 0.5).to_a
        assert_equal [:free], events.map(&:state)
      end
    end
  end

  def test_P26_a_handler_does_not_prolong_a_single_probe
    code = <<~RUBY
      $stdout.sync = true
      trap(:ALRM) { nil }
      Thread.new { loop { sleep 0.01; Process.kill(:ALRM, $$) } }
      puts :ready
      Portend.assert_free("#{SILENT_HOST}", 80, timeout: 0.5)
      puts :free
    RUBY
    pid, out = start_ruby(code, *without_answers)
    assert_includes 0.2..5, (seconds { assert_equal "free\n", out.read })
    assert_predicate Process.wait2(pid).last, :success?
  end

  def test_P26_a_handler_may_wait
    number = server
    looked = []
    look = lambda do |_|
      Portend.occupied("127.0.0.1", number, timeout: 5)
      Portend.watch(["127.0.0.1", number], timeout: 0.01) { |event| looked << event }
    end
    ring = lambda do
      2.times do |round|
        Process.kill(:ALRM, $PID)
        wait_until { looked.size > round }
      end
      port.listen
    end
    trapping(:ALRM, look) do
      after(0.1, ring) { Portend.occupied("127.0.0.1", port.number, timeout: LONG) }
    end
    assert_operator looked.size, :>=, 2
  end

  def test_P26_a_handler_that_raises_ends_a_wait
    trapping(:ALRM, ->(_) { raise KeyError, "enough" }) do
      failure = assert_raises(KeyError) do
        after(0.1, -> { Process.kill(:ALRM, $PID) }) { Portend.occupied("127.0.0.1", closed, timeout: LONG) }
      end
      assert_equal "enough", failure.message
    end
  end

  def test_a_timeout_around_a_wait_ends_it
    waited = seconds do
      assert_raises(Timeout::Error) { Timeout.timeout(0.2) { Portend.occupied("127.0.0.1", closed) } }
    end
    assert_includes 0.2..GENEROUS, waited
    assert_raises(Timeout::Error) do
      Timeout.timeout(0.2) { Portend.watch(["127.0.0.1", closed]).to_a }
    end
  end

  def test_a_thread_is_killed_in_its_wait_at_any_moment
    watched = ["127.0.0.1", closed]
    waits = [-> { Portend.occupied(*watched) }, -> { Portend.watch(watched).to_a }]
    latencies = Array.new(MOMENTS) do |round|
      thread = Thread.new(&waits[round % 2])
      sleep rand * 0.02
      seconds { thread.kill.join }
    end
    be_prompt(latencies)
  end

  def test_a_thread_is_raised_in_its_wait_at_any_moment
    closed
    latencies = Array.new(MOMENTS) do
      begun = Queue.new
      thread = Thread.new do
        begun << true
        Portend.occupied("127.0.0.1", closed)
      rescue KeyError
        :raised
      end
      begun.pop
      sleep rand * 0.02
      seconds { thread.raise(KeyError) || assert_equal(:raised, thread.value) }
    end
    be_prompt(latencies)
  end

  def test_P27_a_wait_is_canceled_from_another_thread
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", closed)
    waited = seconds do
      after(0.2, waiter.method(:cancel)) { assert_raises(Portend::Canceled) { waiter.wait_all } }
    end
    assert_includes 0.2..5, waited
  end

  def test_P27_canceling_holds_until_reset
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", server)
    waiter.cancel
    assert_raises(Portend::Canceled) { waiter.wait_all(timeout: LONG) }
    assert_raises(Portend::Canceled) { waiter.wait_any(timeout: LONG) }
    waiter.reset
    waiter.wait_all(timeout: LONG)
  end

  def test_P27_canceling_ends_a_watch
    waiter = Portend::Waiter.new
    waiter.watch("127.0.0.1", closed)
    after(0.2, waiter.method(:cancel)) { assert_equal [:free], waiter.events.map(&:state) }
  end

  def test_P27_a_handler_cancels_a_wait
    100.times do
      waiter = Portend::Waiter.new
      waiter.occupied("127.0.0.1", closed)
      trapping(:ALRM, ->(_) { waiter.cancel }) do
        after(0.01, -> { Process.kill(:ALRM, $PID) }) { assert_raises(Portend::Canceled) { waiter.wait_any } }
      end
    end
  end

  def test_P39_a_second_thread_on_a_waiter_is_refused
    waiter = Portend::Waiter.new
    target = waiter.occupied("127.0.0.1", port.number)
    first = Thread.new { waiter.wait_all(timeout: LONG) }
    wait_until { target.probes.positive? }
    uses = [-> { waiter.wait_all }, -> { waiter.reset }, -> { waiter.events(timeout: 1).next },
            -> { waiter.assert_free }, -> { waiter.start }, -> { waiter.occupied("127.0.0.1", 80) }]
    uses.each do |use|
      assert_match(/Another thread|under way/, assert_raises(Portend::Invalid, &use).message)
    end
    assert_equal [true, false], [first.alive?, target.reached?]
    port.listen
    assert_equal [target], first.value
  end

  def test_P39_a_handler_on_a_waiter_that_waits_is_refused
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", closed)
    trapping(:ALRM, ->(_) { waiter.wait_all }) do
      after(0.1, -> { Process.kill(:ALRM, $PID) }) do
        assert_raises(Portend::Invalid) { waiter.wait_all(timeout: LONG) }
      end
    end
  end

  def test_a_thread_that_waits_does_not_disturb_the_end
    code = "4.times { Thread.new { Portend.occupied('127.0.0.1', #{closed}) } }; sleep 0.1"
    3.times do
      out, errors, status = ruby(code)
      assert_equal ["", "", true], [out, errors, status.success?]
    end
  end

  def test_a_child_after_fork_waits_at_once
    Portend.occupied("127.0.0.1", server, timeout: 5)
    pid = fork do
      Portend.occupied("127.0.0.1", server, timeout: 5)
      Portend.free("localhost", closed, timeout: 5)
      exit! true
    ensure
      exit! false
    end
    assert_predicate Process.wait2(pid).last, :success?
  end

  private

  def descriptor?
    Portend::Waiter.new.tap { |waiter| waiter.watch("127.0.0.1", 1) }.start
    true
  rescue Portend::Unsupported
    false
  end

  # Measures how long after each SIGINT, sent at a random moment, the block has ended.
  def take_interrupts(moments = MOMENTS)
    armed = Queue.new
    sent = nil
    thread = Thread.new do
      while armed.pop
        sleep rand * 0.02
        sent = now
        Process.kill(:INT, $PID)
      end
    end
    latencies = Array.new(moments) do
      armed << true
      yield
      flunk "the wait ended without an interrupt"
    rescue Interrupt
      now - sent
    end
    armed << nil
    thread.join
    latencies
  end

  def be_prompt(latencies)
    latencies.sort!
    worst = (latencies.last * 1000).round(1)
    puts "#{name}: #{latencies.size} interruptions, worst #{worst} ms" if ENV["VERBOSE"]
    assert_operator latencies[(latencies.size * 0.97).to_i], :<, PROMISED
    assert_operator latencies.last, :<, GENEROUS
  end
end
