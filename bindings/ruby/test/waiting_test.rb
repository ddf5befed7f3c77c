# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class WaitingTest < Minitest::Test
  include Support

  def test_P01_occupied_returns_at_once_if_a_server_listens
    assert_operator seconds { Portend.occupied("localhost", server, timeout: LONG) }, :<, 5
  end

  def test_P02_occupied_returns_soon_after_something_listens
    waited = seconds do
      after(0.3, port.method(:listen)) { Portend.occupied("127.0.0.1", port.number, timeout: LONG) }
    end
    assert_includes 0.3..5, waited
  end

  def test_P03_occupied_times_out_and_not_before
    [0.3, 3/10r].each do |timeout|
      waited = seconds do
        failure = assert_raises(Portend::Timeout) { Portend.occupied("localhost", closed, timeout:) }
        assert_match(/\APort #{closed} not bound on localhost\./, failure.message)
      end
      assert_includes 0.3..5, waited
    end
  end

  def test_P04_free_returns_at_once_if_nothing_listens
    assert_operator seconds { Portend.free("localhost", closed, timeout: LONG) }, :<, 5
  end

  def test_P05_free_returns_soon_after_the_listener_has_closed
    port.listen
    waited = seconds do
      after(0.3, port.method(:close)) { Portend.free("127.0.0.1", port.number, timeout: LONG) }
    end
    assert_includes 0.3..5, waited
  end

  def test_P06_free_times_out_and_not_before
    waited = seconds do
      failure = assert_raises(Portend::Timeout) { Portend.free("localhost", server, timeout: 0.3) }
      assert_match(/\APort #{server} not free on localhost\./, failure.message)
    end
    assert_includes 0.3..5, waited
  end

  def test_P07_a_timeout_of_0_sees_what_is_there
    Portend.occupied("127.0.0.1", server, timeout: 0)
    Portend.free("127.0.0.1", closed, timeout: 0.0)
    assert_raises(Portend::Timeout) { Portend.free("127.0.0.1", server, timeout: 0) }
  end

  def test_P07_a_timeout_of_0_probes_exactly_once
    waiter = Portend::Waiter.new
    target = waiter.occupied("127.0.0.1", closed)
    failure = assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0) }
    assert_includes failure.message, "refused by 127.0.0.1, #{one_probe}"
    assert_equal one_probe.to_i, target.probes
  end

  def test_P08_forever_waits_until_it_happens
    [nil, Float::INFINITY, 1e300].each do |timeout|
      held = keep(HeldPort.new)
      after(0.2, held.method(:listen)) { Portend.occupied("127.0.0.1", held.number, timeout:) }
    end
  end

  def test_P08_without_a_timeout_it_waits_until_it_happens
    port.listen
    waited = seconds { after(0.2, port.method(:close)) { Portend.free("127.0.0.1", port.number) } }
    assert_operator waited, :>=, 0.2
  end

  def test_P17_a_listener_on_ipv6_alone_is_found
    number = keep(HeldPort.new("::1", "kept")).listen.number
    ["::1", "localhost"].each do |host|
      Portend.occupied(host, number, timeout: LONG)
      assert_raises(Portend::Timeout) { Portend.free(host, number, timeout: 0) }
    end
  end

  def test_P18_a_wildcard_is_probed_at_the_address_of_a_client
    { "0.0.0.0" => "127.0.0.1", "::" => "::1", "::0" => "::1", "::0.0.0.0" => "::1" }.each do |host, client|
      Portend.occupied(host, server, timeout: LONG)
      failure = assert_raises(Portend::Timeout) { Portend.free(host, server, timeout: 0) }
      assert_includes failure.message, "Port #{server} not free on #{host}"
      assert_equal client, Portend.client_host(host)
    end
    assert_equal "db", Portend.client_host("db")
  end

  def test_P23_the_sentence_of_a_vain_wait_is_the_one_of_c
    failure = assert_raises(Portend::Timeout) { Portend.occupied("localhost", closed, timeout: 0) }
    assert_equal C.sentence("occupied", "localhost", closed, 0), failure.message
    failure = assert_raises(Portend::Timeout) { Portend.free("127.0.0.1", server, timeout: 0) }
    assert_equal C.sentence("free", "127.0.0.1", server, 0), failure.message
    assert_equal Encoding::UTF_8, failure.message.encoding
  end

  def test_P23_the_messages_of_other_failures_are_those_of_c
    failure = assert_raises(Portend::PortNotFree) { Portend.assert_free("localhost", server) }
    assert_equal C.sentence("assert_free", "localhost", server, 0), failure.message
    failure = assert_raises(Portend::Unresolved) { Portend.free(NO_NAME, 80, timeout: 5) }
    assert_equal C.sentence("free", NO_NAME, 80, 5000), failure.message
    wrong = { 0 => "localhost", 65_536 => "localhost", -1 => "localhost", 80 => "", 81 => "local host" }
    wrong.each do |port, host|
      failure = assert_raises(Portend::Invalid) { Portend.occupied(host, port, timeout: 0) }
      assert_equal C.sentence("occupied", host, port, 0), failure.message
    end
  end

  # This is localhost as East Asian keyboards type it.
  WIDE_LOCALHOST = "ｌｏｃａｌｈｏｓｔ"

  def test_P60_a_host_in_another_script_is_looked_up_alike
    [WIDE_LOCALHOST, *%w[UTF-16LE EUC-JP].map { |name| WIDE_LOCALHOST.encode(name) }].each do |host|
      Portend.occupied(host, server, timeout: LONG)
    end
    Portend.wait_all("#{WIDE_LOCALHOST}:#{server}", timeout: LONG)
    failure = assert_raises(Portend::Timeout) { Portend.free(WIDE_LOCALHOST, server, timeout: 0) }
    assert_includes failure.message, "Port #{server} not free on #{WIDE_LOCALHOST}."
    ["bücher..invalid", "bücher..invalid".encode("ISO-8859-1")].each do |host|
      failure = assert_raises(Portend::Unresolved) { Portend.occupied(host, 80, timeout: LONG) }
      assert_includes failure.message, "bücher..invalid"
    end
    assert_raises(Portend::Invalid) { Portend.occupied("b\xFCcher.invalid", 80, timeout: LONG) }
  end

  def test_P33_the_death_of_a_process_ends_the_wait
    pid = spawn("sleep", "60")
    waiter = Portend::Waiter.new(pid:)
    waiter.occupied("127.0.0.1", closed)
    failure = nil
    waited = seconds do
      after(0.2, -> { Process.kill(:KILL, pid) }) do
        failure = assert_raises(Portend::ProcessGone) { waiter.wait_all(timeout: LONG) }
      end
    end
    assert_includes 0.2..5, waited
    assert_includes failure.message, "Process #{pid} exited"
  ensure
    Process.wait(pid)
  end

  def test_P33_an_occupied_port_counts_more_than_its_process
    pid = spawn("true")
    Process.wait(pid)
    waiter = Portend::Waiter.new(pid:)
    waiter.occupied("127.0.0.1", server)
    waiter.wait_all(timeout: LONG)
  end
end
