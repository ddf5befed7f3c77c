# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class StatesTest < Minitest::Test
  include Support

  def test_P48_bindable_waits_until_a_server_can_listen
    listener = keep_server
    number = listener.local_address.ip_port
    refute Portend.bindable?("127.0.0.1", number)
    assert_raises(Portend::Timeout) { Portend.bindable("127.0.0.1", number, timeout: 0.2) }
    after(0.2, listener.method(:close)) { Portend.bindable("127.0.0.1", number, timeout: LONG) }
    assert Portend.bindable?("127.0.0.1", number)
    assert_raises(Portend::Unsupported) { Portend.bindable("192.0.2.1", 80, timeout: LONG) }
  end

  def test_P59_one_question_tells_whether_a_port_is_bindable
    listener = keep_server
    number = listener.local_address.ip_port
    refute Portend.bindable?("127.0.0.1", number)
    assert Portend.bindable?("::1", number)
    listener.close
    assert Portend.bindable?("127.0.0.1", number)
    assert_raises(Portend::Unsupported) { Portend.bindable?("192.0.2.1", 80) }
  end

  def test_P48_drained_waits_until_no_connection_is_left
    listener = keep_server
    number = listener.local_address.ip_port
    client = TCPSocket.new("127.0.0.1", number)
    served = listener.accept
    listener.close
    waiter = Portend::Waiter.new
    target = waiter.drained("127.0.0.1", number)
    assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.2) }
    assert_equal :connected, target.reason
    [served, client].each(&:close)
    Portend.drained("127.0.0.1", number, timeout: LONG)
  end

  def test_a_probe_returns_the_state
    assert_equal :occupied, Portend.probe("localhost", server)
    assert_equal :free, Portend.probe("localhost", closed)
    assert_equal :occupied, Portend.probe("localhost", keep_server.local_address.ip_port) # not on ::1
    assert_raises(Portend::Unresolved) { Portend.probe(NO_NAME, 80) }
    waiter = Portend::Waiter.new
    waiter.free("127.0.0.1", server)
    waiter.watch("127.0.0.1", closed)
    assert_equal %i[occupied free], waiter.probe.map(&:state)
  end

  def test_P45_the_owner_arrives
    number = keep_server.local_address.ip_port
    mine = Portend::Waiter.new(owner: Process.pid)
    mine.occupied("127.0.0.1", number)
    mine.wait_all(timeout: 0)
    other = Portend::Waiter.new(owner: Kit::PIPE.pid)
    target = other.occupied("127.0.0.1", number)
    assert_raises(Portend::Timeout) { other.wait_all(timeout: 0) }
    assert_equal :other_owner, target.reason
  end

  def test_P47_the_evidence_arrives
    { table: :listening, connection: :accepted }.each do |evidence, reason|
      waiter = Portend::Waiter.new(evidence:)
      target = waiter.occupied("127.0.0.1", server)
      waiter.wait_all(timeout: LONG)
      assert_equal reason, target.reason
    end
    assert_raises(ArgumentError) { Portend::Waiter.new(evidence: :guess) }
  end

  def test_P46_a_stable_connection_stays_open
    listener = keep_server
    accepting = Thread.new { loop { listener.accept.close } }
    waiter = Portend::Waiter.new(stable: 0.05)
    target = waiter.occupied("127.0.0.1", listener.local_address.ip_port)
    assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.3) }
    assert_equal :closed_early, target.reason
    open = Portend::Waiter.new(stable: 0.05)
    open.occupied("127.0.0.1", server)
    assert_operator (seconds { open.wait_all(timeout: LONG) }), :>=, 0.05
  ensure
    accepting.kill
  end

  def test_events_and_targets_are_matched_by_patterns
    event = Portend.watch(["127.0.0.1", server]).first
    case event
    in { state: :occupied, reason:, target: { host: "127.0.0.1", reached: false } }
      assert_equal listening, reason
    end
    assert_nil event.errno
  end

  def test_a_host_in_utf_16_is_the_same_host
    Portend.occupied("127.0.0.1".encode("UTF-16LE"), server, timeout: 5)
    assert_raises(ArgumentError) { Portend.occupied("127.0.0.1\0".encode("UTF-16BE"), server, timeout: 0) }
    assert_raises(EncodingError) { Portend.occupied("\x00\xD8".dup.force_encoding("UTF-16LE"), server) }
  end

  def test_P51_a_child_is_refused_the_waiters_of_its_parent
    waiter = Portend::Waiter.new
    target = waiter.occupied("127.0.0.1", closed)
    thread = Thread.new { waiter.wait_all }
    thread.report_on_exception = false
    wait_until { target.probes.positive? }
    pid = fork { exit!(refused_at_once?(waiter, target)) }
    assert_predicate Process.wait2(pid).last, :success?
    waiter.cancel
    assert_raises(Portend::Canceled) { thread.value }
  end

  def test_ractors_are_refused
    code = <<~RUBY
      ractor = Ractor.new { Portend.occupied("127.0.0.1", 1, timeout: 0) }
      begin
        ractor.take
      rescue Ractor::RemoteError => e
        puts e.cause.class
      end
    RUBY
    out, = ruby(code)
    assert_match(/Ractor::/, out)
  end

  def test_no_message_names_a_function_of_c
    watched = Portend::Waiter.new
    watched.watch("127.0.0.1", closed)
    [-> { Portend::Waiter.new.wait_all }, -> { watched.wait_all }, -> { watched.process },
     -> { watched.add("127.0.0.1", closed, :unknown) }, -> { Portend.sockets(kinds: []) }].each do |call|
      refute_match(/portend_/i, assert_raises(Portend::Invalid, &call).message)
    end
  end

  def teardown
    @listener&.close
    super
  end

  private

  def keep_server
    @listener = TCPServer.new("127.0.0.1", 0)
  end

  def refused_at_once?(waiter, target)
    Timeout.timeout(5) do
      assert_raises(Portend::Invalid) { waiter.wait_all(timeout: 0) }
      target.probes
      target.explain
      waiter.cancel
    end
    true
  end
end
