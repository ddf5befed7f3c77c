# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class ManyTest < Minitest::Test
  include Support

  def test_P28_all_targets_must_reach_their_states
    waiter = Portend::Waiter.new
    waiter.occupied("127.0.0.1", server)
    late = waiter.occupied("localhost", port.number)
    waiter.free("127.0.0.1", closed)
    after(0.2, port.method(:listen)) { assert_equal waiter.targets, waiter.wait_all(timeout: LONG) }
    assert waiter.targets.all?(&:reached?)
    assert_operator late.elapsed, :>=, 0.15
  end

  def test_P28_a_failure_has_a_line_for_each_that_did_not
    waiter = Portend::Waiter.new
    waiter.free("127.0.0.1", server)
    waiter.occupied("127.0.0.1", closed)
    waiter.occupied("127.0.0.1", server)
    failure = assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0) }
    first, second = failure.message.lines
    assert_equal 2, failure.message.lines.size
    assert_operator first, :start_with?, "Port #{server} not free on 127.0.0.1. ("
    assert_operator second, :start_with?, "Port #{closed} not bound on 127.0.0.1. ("
  end

  def test_P28_the_lines_are_those_of_c
    failure = assert_raises(Portend::Timeout) do
      waiter = Portend::Waiter.new
      waiter.occupied("127.0.0.1", closed)
      waiter.free("127.0.0.1", server)
      waiter.wait_all(timeout: 0)
    end
    assert_equal lines_of_c, failure.message
  end

  def test_P28_targets_of_one_state_as_text_pairs_and_addresses
    number = server
    other = keep(TCPServer.new("127.0.0.1", 0)).local_address
    targets = ["[::1]:#{number}", ["localhost", number], other]
    assert_equal %i[occupied] * 3, Portend.wait_all(*targets, timeout: 5).map(&:state)
    failure = assert_raises(Portend::Timeout) { Portend.wait_all(*targets, timeout: 0, state: :free) }
    assert_match(/\A(Port .* not free on .*\n?){3}\z/, failure.message)
  end

  def test_P54_a_gap_is_an_error_that_names_it
    up = "127.0.0.1:#{server}"
    [[nil, up], [up, nil, up], [up, up, nil]].each_with_index do |targets, gap|
      %i[wait_all wait_any watch].each do |call|
        failure = assert_raises(ArgumentError) { Portend.public_send(call, *targets, timeout: LONG) }
        assert_equal "target #{gap} is nil", failure.message
      end
    end
  end

  def test_P28_no_target_is_an_error
    [-> { Portend.wait_all }, -> { Portend.wait_any }, -> { Portend.watch.next }].each do |call|
      assert_includes assert_raises(Portend::Invalid, &call).message, "There is no target"
    end
    waiter = Portend::Waiter.new
    waiter.watch("127.0.0.1", closed)
    assert_includes assert_raises(Portend::Invalid) { waiter.wait_all }.message, "only watched"
  end

  def test_P29_any_target_is_enough_and_the_result_names_it
    targets = [["127.0.0.1", closed], ["127.0.0.1", port.number]]
    after(0.2, port.method(:listen)) do
      up = Portend.wait_any(*targets, timeout: LONG)
      assert_equal [["127.0.0.1", port.number, :occupied]], (up.map { |one| [one.host, one.port, one.state] })
    end
    failure = assert_raises(Portend::Timeout) { Portend.wait_any(targets.first, timeout: 0.1) }
    assert_includes failure.message, "Port #{closed} not bound"
  end

  def test_P30_a_watch_tells_each_change_once_and_in_order
    began = monotonic_ns
    seen = []
    Portend.watch(["127.0.0.1", port.number], timeout: LONG) do |event|
      seen << event
      break if seen.size == 3

      seen.size == 1 ? port.listen : port.close
    end
    assert_equal %i[free occupied free], seen.map(&:state)
    assert_equal %i[refused refused], seen.values_at(0, 2).map(&:reason)
    assert_equal ["127.0.0.1"] * 3, seen.map(&:address)
    assert_equal [port.number] * 3, (seen.map { |event| event.target.port })
    times = [began, *seen.map(&:monotonic_ns), monotonic_ns]
    assert_equal times.sort.uniq, times
    assert_in_delta Time.now.to_f, seen.last.time.to_f, 60
    assert_equal "#<Portend::Event 127.0.0.1:#{port.number} free, refused>", seen.last.inspect
  end

  def test_P30_without_a_block_it_is_an_enumerator
    events = Portend.watch(["127.0.0.1", port.number])
    assert_kind_of Enumerator, events
    assert_equal :free, events.next.state
    port.listen
    assert_equal :occupied, events.next.state
    assert_equal [:occupied], Portend.watch(["127.0.0.1", port.number]).lazy.map(&:state).first(1)
  end

  def test_P30_a_watch_ends_with_its_timeout
    waited = seconds do
      assert_equal [:free], Portend.watch(["127.0.0.1", closed], timeout: 0.3).map(&:state)
    end
    assert_includes 0.3..10, waited
  end

  def test_P30_events_end_when_all_is_reached
    waiter = Portend::Waiter.new
    waiter.free("127.0.0.1", closed)
    late = waiter.occupied("127.0.0.1", port.number)
    after(0.1, port.method(:listen)) do
      mine = waiter.events.select { |event| event.target == late }
      assert_equal %i[free occupied], mine.map(&:state)
    end
    assert_empty waiter.events.to_a
  end

  def test_P30_a_watch_continues_where_it_was_left
    waiter = Portend::Waiter.new
    waiter.watch("127.0.0.1", port.number)
    assert_equal :free, waiter.events.first.state
    port.listen
    assert_equal :occupied, waiter.events.first.state
    assert_empty waiter.events(timeout: 0.05).to_a
  end

  def test_P30_what_makes_no_sense_is_refused_before_the_first_event
    assert_raises(Portend::Invalid) { Portend.watch("::1:80") }
    assert_raises(Portend::Invalid) { Portend.watch("localhost:80", timeout: -1) }
  end

  def test_P32_the_family_arrives
    number = keep(HeldPort.new("::1", "kept")).listen.number
    { ipv6: true, ipv4: false, any: true }.each do |family, expected|
      waiter = Portend::Waiter.new(family:)
      target = waiter.occupied("localhost", number)
      begin
        waiter.wait_all(timeout: 0)
      rescue Portend::Timeout
        refute expected, family
      end
      assert_equal expected, target.reached?, family
    end
  end

  def test_P32_the_interval_arrives
    assert_operator probes(interval: [0.2, 0.2]), :<=, 8
    assert_operator probes(interval: 0.001), :>=, 20
    assert_operator probes(interval: [0.2, 0.2]), :<, probes(interval: 1/50r)
  end

  def test_P32_the_limit_of_an_attempt_arrives
    code = <<~RUBY
      waiter = Portend::Waiter.new(attempt_limit: 0.3)
      target = waiter.free("#{SILENT_HOST}", 80)
      waiter.wait_all(timeout: 0)
      puts target.reason, target.elapsed
    RUBY
    said, status = Open3.capture2e(*without_answers, *ruby_command(code))
    assert_predicate status, :success?, said
    reason, elapsed = said.split
    assert_equal "silent", reason
    assert_includes 0.3..0.9, elapsed.to_f
  end

  def test_P32_a_setting_out_of_range_is_refused
    [{ interval: [2, 1] }, { interval: 1e-6 }, { interval: 1e9 }, { attempt_limit: 0 }, { attempt_limit: -1 },
     { pid: -1 }].each do |setting|
      assert_raises(Portend::Invalid, setting) { Portend::Waiter.new(**setting) }
    end
    assert_raises(ArgumentError) { Portend::Waiter.new(family: :ipv5) }
    [{ interval: "1" }, { interval: [1, 2, 3] }, { pid: "1" }, { attempt_limit: "1" }].each do |setting|
      assert_raises(TypeError, setting) { Portend::Waiter.new(**setting) }
    end
  end

  private

  def probes(**settings)
    waiter = Portend::Waiter.new(**settings)
    target = waiter.occupied("127.0.0.1", closed)
    assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.5) }
    target.probes
  end

  def monotonic_ns
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
  end

  def lines_of_c
    room = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
    C.call("waiter_create", [C::TEXT], C::INT, room)
    waiter = room.ptr
    add = [C::TEXT, C::TEXT, C::INT, C::INT, C::TEXT]
    C.call("waiter_add", add, C::INT, waiter, "127.0.0.1", closed, 1, nil)
    C.call("waiter_add", add, C::INT, waiter, "127.0.0.1", server, 2, nil)
    assert_equal(-1, C.call("waiter_run", [C::TEXT, C::INT, C::LONG_LONG], C::INT, waiter, 0, 0))
    C.call("waiter_message", [C::TEXT], C::TEXT, waiter).to_s.force_encoding(Encoding::UTF_8)
  ensure
    C.call("waiter_destroy", [C::TEXT], Fiddle::TYPE_VOID, waiter)
  end
end
