# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class LookingTest < Minitest::Test
  include Support

  def test_P19_one_probe_of_a_port_in_use
    failure = assert_raises(Portend::PortNotFree) { Portend.assert_free("127.0.0.1", server) }
    assert_match(/\APort #{server} is in use on 127\.0\.0\.1\. \(/, failure.message)
    assert Portend.occupied?("localhost", server)
    refute Portend.free?("localhost", server)
    assert_raises(Portend::PortNotFree) { Portend.assert_free("localhost", server, timeout: 0) }
    assert_raises(Portend::PortNotFree) { Portend.assert_free("localhost", server, timeout: nil) }
  end

  def test_P19_one_probe_of_a_closed_port
    Portend.assert_free("localhost", closed)
    assert Portend.free?("localhost", closed)
    refute Portend.occupied?("localhost", closed)
  end

  def test_P19_a_waiter_probes_each_target_once
    waiter = Portend::Waiter.new
    waiter.free("127.0.0.1", closed)
    waiter.assert_free
    waiter.occupied("127.0.0.1", server)
    failure = assert_raises(Portend::PortNotFree) { waiter.assert_free(timeout: 5) }
    assert_includes failure.message, "Port #{server} is in use"
  end

  def test_P31_a_target_tells_what_is_known_of_it
    waiter = Portend::Waiter.new
    up = waiter.occupied("127.0.0.1", server)
    down = waiter.occupied("127.0.0.1", closed)
    assert_equal [:unknown, :none, false, nil, 0.0, 0], about(up)
    assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.2) }
    assert_equal [:occupied, listening, true, "127.0.0.1"], about(up).first(4)
    assert_equal [:free, :refused, false, "127.0.0.1"], about(down).first(4)
    assert_operator up.probes, :>=, 1
    assert_includes 0..0.2, up.elapsed
    assert_operator down.elapsed, :>=, 0.2
    assert_empty up.explain
    assert_match(/\APort #{closed} not bound on 127\.0\.0\.1\. \(refused/, down.explain)
    assert_equal [up, down], waiter.targets
  end

  def test_P31_words_for_states_and_reasons
    target = Portend::Waiter.new.occupied("::1", server)
    assert_equal "[::1]:#{server}", target.to_s
    assert_equal "#<Portend::Target [::1]:#{server}: unknown, none>", target.inspect
    words = Portend.const_get(:Words)
    assert_equal %i[unknown occupied free bindable drained], words::STATES.keys
    expected = %i[none accepted refused silent unreachable unresolved backlog_full listening forbidden
                  other_owner closed_early in_use connected bindable drained not_listening]
    assert_equal expected, words::REASONS.keys
  end

  def test_P36_the_listeners_are_listed_with_their_process
    assert_empty Portend.listeners(port.number)
    port.listen
    found = Portend.listeners(port.number).fetch(0)
    assert_equal [port.number, "::", true, Kit::PIPE.pid],
                 [found.port, found.address, found.dual_stack?, found.pid]
    assert_equal File.read("/proc/#{Kit::PIPE.pid}/comm").chomp, found.process
    refute_empty found.user
    assert_includes found.inspect, found.process
  end

  def test_P36_all_listeners_are_sorted
    mine = keep(HeldPort.new("127.0.0.1", "kept")).listen.number
    ports = [mine, server]
    found = Portend.listeners.map(&:port)
    assert_equal found.sort, found
    assert_empty ports - found
    assert_raises(Portend::Invalid) { Portend.listeners(0) }
  end

  def test_P42_all_sockets_of_a_port_are_listed_and_explained
    listener = keep(TCPServer.new("127.0.0.1", 0))
    port = listener.local_address.ip_port
    client = keep(TCPSocket.new("127.0.0.1", port))
    keep(listener.accept)
    first, second = Portend.sockets(port..port, kinds: %i[listening connected])
    assert_equal [:listening, nil, nil], [first.kind, first.peer_address, first.peer_port]
    assert_equal [:connected, "127.0.0.1", client.local_address.ip_port],
                 [second.kind, second.peer_address, second.peer_port]
    assert_equal [Process.pid, Process.ppid, nil], [second.pid, second.parent_pid, second.remaining]
    refute_empty second.command_line
    assert_includes second.inspect, "connected"
    assert_includes Portend.explain_usage(port), "(pid #{Process.pid}, "
    outgoing = Portend.explain_usage(client.local_address.ip_port)
    assert_includes outgoing, " has a connection with 127.0.0.1:#{port}"
  end

  def test_P42_time_wait_and_udp_are_listed
    listener = TCPServer.new("127.0.0.1", 0)
    port = listener.local_address.ip_port
    client = TCPSocket.new("127.0.0.1", port)
    [listener.accept, client, listener].each(&:close)
    left = Portend.sockets(port..port, kinds: [:time_wait]).fetch(0)
    assert_nil left.pid
    assert_includes 0.0..60.0, left.remaining
    datagrams = keep(UDPSocket.new)
    datagrams.bind("127.0.0.1", 0)
    port = datagrams.local_address.ip_port
    assert_equal :udp, Portend.sockets(port..port, kinds: [:udp]).fetch(0).kind
    refute_includes Portend.explain_usage(port), "UDP"
    assert_includes Portend.explain_usage(port, udp: true), " receives UDP on 127.0.0.1"
  end

  private

  def about(target)
    [target.state, target.reason, target.reached?, target.address, target.elapsed, target.probes]
  end
end
