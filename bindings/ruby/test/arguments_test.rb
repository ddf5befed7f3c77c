# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class ArgumentsTest < Minitest::Test
  include Support

  # Everything that takes a host and a port.
  CALLS = {
    occupied: ->(host, port) { Portend.occupied(host, port, timeout: 0) },
    free: ->(host, port) { Portend.free(host, port, timeout: 0) },
    assert_free: ->(host, port) { Portend.assert_free(host, port) },
    free?: ->(host, port) { Portend.free?(host, port) },
    occupied?: ->(host, port) { Portend.occupied?(host, port) },
    add: ->(host, port) { Portend::Waiter.new.occupied(host, port) },
    watch: ->(host, port) { Portend.watch([host, port], timeout: 0) },
    wait_all: ->(host, port) { Portend.wait_all([host, port], timeout: 0) },
    wait_any: ->(host, port) { Portend.wait_any([host, port], timeout: 0) },
    format_target: ->(host, port) { Portend.format_target(host, port) }
  }.freeze

  def each_call(but: [])
    CALLS.except(*but).each { |name, call| yield call, "by #{name}" }
  end

  def test_P09_no_host_is_refused_before_anything_is_probed
    each_call do |call, by|
      assert_raises(TypeError, by) { call.call(nil, server) }
      failure = assert_raises(Portend::Invalid, by) { call.call("", server) }
      assert_includes failure.message, "The host is missing"
    end
  end

  def test_P10_an_embedded_nul_is_refused
    each_call do |call, by|
      ["localhost\0", "127.0.0.1\0.example", "\0"].each do |host|
        assert_raises(ArgumentError, by) { call.call(host, server) }
      end
    end
  end

  def test_P10_an_embedded_nul_is_refused_in_text
    assert_raises(ArgumentError) { Portend.parse_target("localhost:80\0") }
    assert_raises(ArgumentError) { Portend.find_port("127.0.0.1\0") }
    assert_raises(ArgumentError) { Portend.client_host("::\0") }
    assert_raises(ArgumentError) { Portend.free("127.0.0.1", "80\0", timeout: 0) }
    assert_raises(ArgumentError) { Portend.free("127.0.0.1", "#{closed}\n", timeout: 0) }
  end

  def test_P11_ports_out_of_range_are_refused
    each_call do |call, by|
      [0, 65_536, 70_000, -1].each do |number|
        failure = assert_raises(Portend::Invalid, by) { call.call("127.0.0.1", number) }
        assert_equal "Port #{number} is outside 1 to 65535.", failure.message
      end
    end
  end

  def test_P12_a_port_that_is_no_whole_number_is_refused
    each_call do |call, by|
      [80.0, 80.5, 80r, Float::NAN, 1i, nil, Object.new, :"80"].each do |port|
        assert_raises(TypeError, by) { call.call("127.0.0.1", port) }
      end
    end
  end

  def test_P12_a_port_that_does_not_fit_is_refused
    each_call do |call, by|
      [(2**32) + server, (2**64) + server, 2**31, -(2**32)].each do |number|
        assert_raises(RangeError, by) { call.call("127.0.0.1", number) }
      end
    end
  end

  def test_P13_a_port_may_be_its_digits
    Portend.occupied("127.0.0.1", server.to_s, timeout: 5)
    Portend.free("127.0.0.1", closed.to_s, timeout: 5)
    assert Portend.occupied?("127.0.0.1", server.to_s.rjust(8, "0"))
    targets = Portend.wait_all(["127.0.0.1", server.to_s], "localhost:#{server}", timeout: 5)
    assert_equal [server, server], targets.map(&:port)
    assert_equal 1, Portend.listeners(server.to_s).size
  end

  def test_P13_other_text_is_refused
    each_call do |call, by|
      ["80.5", "8080x", "http", "0x50", "８０", "", " 80", "-80", "8_0"].each do |text|
        assert_raises(ArgumentError, by) { call.call("127.0.0.1", text) }
      end
      assert_raises(Portend::Invalid, by) { call.call("127.0.0.1", "65536") }
    end
  end

  def test_P42_kinds_that_do_not_exist_are_refused
    assert_raises(ArgumentError) { Portend.sockets(kinds: [:open]) }
    assert_raises(Portend::Invalid) { Portend.sockets(kinds: []) }
    assert_raises(Portend::Invalid) { Portend.sockets(9..3) }
  end

  def test_P14_a_name_that_does_not_exist_fails_at_once
    each_call(but: %i[add watch format_target]) do |call, by|
      failure = assert_raises(Portend::Unresolved, by) { call.call(NO_NAME, 80) }
      assert_includes failure.message, "#{NO_NAME} could not be resolved"
    end
    waited = seconds do
      assert_raises(Portend::Unresolved) { Portend.occupied(NO_NAME, 80, timeout: LONG) }
    end
    assert_operator waited, :<, LONG / 2
  end

  def test_P15_with_the_retry_of_names_a_missing_one_is_a_timeout
    waiter = Portend::Waiter.new(retry_names: true)
    target = waiter.occupied(NO_NAME, 80)
    waited = seconds do
      failure = assert_raises(Portend::Timeout) { waiter.wait_all(timeout: 0.3) }
      assert_match(/#{NO_NAME}\. \(could not resolve: /, failure.message)
    end
    assert_operator waited, :>=, 0.3
    assert_equal :unresolved, target.reason
  end

  def test_P16_targets_are_taken_apart_and_put_together
    assert_equal ["::1", 80], Portend.parse_target("[::1]:80")
    assert_equal ["db", 5432], Portend.parse_target("db:5432")
    assert_equal ["fe80::1%lo", 80], Portend.parse_target("[fe80::1%lo]:80")
    assert_equal "[::1]:80", Portend.format_target("::1", 80)
    assert_equal "db:5432", Portend.format_target("db", "5432")
    assert_equal "[::1]:80", Portend.format_target("::", 80)
  end

  def test_P16_what_is_no_target_is_refused
    ["::1:80", "db", "db:", ":80", "db:0", "db:65536", ""].each do |text|
      assert_raises(Portend::Invalid) { Portend.parse_target(text) }
      assert_raises(Portend::Invalid) { Portend.wait_all(text, timeout: 0) }
    end
    assert_includes assert_raises(Portend::Invalid) { Portend.parse_target("::1:80") }.message, "brackets"
    assert_raises(TypeError) { Portend.wait_all(80, timeout: 0) }
    assert_raises(ArgumentError) { Portend.wait_all(["localhost"], timeout: 0) }
    assert_raises(TypeError) { Portend.parse_target(nil) }
  end

  def test_a_timeout_that_is_no_number_is_refused
    ["3", [], Object.new, :long, true].each do |timeout|
      assert_raises(TypeError) { Portend.free("127.0.0.1", closed, timeout:) }
    end
    assert_raises(RangeError) { Portend.free("127.0.0.1", closed, timeout: Float::NAN) }
    [-1, -0.001, -Float::INFINITY].each do |timeout|
      assert_raises(Portend::Invalid) { Portend.free("127.0.0.1", closed, timeout:) }
    end
  end

  def test_a_number_of_ports_that_is_no_whole_number_is_refused
    assert_raises(TypeError) { Portend::Finder.new.find_many(1.5) }
  end

  def test_a_state_that_is_none_is_refused
    [:occupied?, "free", nil, 1].each do |state|
      assert_raises(ArgumentError) { Portend::Waiter.new.add("127.0.0.1", closed, state) }
    end
    assert_raises(Portend::Invalid) { Portend::Waiter.new.add("127.0.0.1", closed, :unknown) }
  end

  def test_a_host_that_another_thread_changes_is_read_once
    host = +"127.0.0.1"
    after(0.05, -> { host.replace("\xFF" * 100) }) do
      assert_raises(Portend::Timeout) { Portend.occupied(host, closed, timeout: 0.2) }
    end
  end
end
