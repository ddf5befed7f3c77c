# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class PortsTest < Minitest::Test
  include Support

  EPHEMERAL = "/proc/sys/net/ipv4/ip_local_port_range"

  def test_P20_a_found_port_can_be_bound_everywhere
    number = Portend.find_port
    ["127.0.0.1", "::1", "0.0.0.0", "::"].each { |host| binds(host, number) }
  end

  def test_P20_a_found_port_can_be_bound_at_the_requested_address
    ["127.0.0.1", "::1"].each { |host| binds(host, Portend.find_port(host)) }
    binds("127.0.0.1", Portend.find_port("localhost"))
  end

  def test_P20_a_remote_host_has_no_port
    assert_raises(Portend::NoPort) { Portend.find_port("192.0.2.1") }
    assert_raises(Portend::Unresolved) { Portend.find_port(NO_NAME) }
    assert_raises(Portend::Invalid) { Portend.find_port("") }
  end

  def test_P21_the_range_holds
    assert_empty Portend::Finder.new(within: 20_000..20_049).find_many(10) - (20_000..20_049).to_a
    assert_includes 20_000...20_050, Portend::Finder.new(within: 20_000...20_050).find
  end

  def test_P21_preferred_ports_come_first_and_in_order
    wanted = Portend.find_port
    assert_equal wanted, Portend::Finder.new(prefer: [closed, wanted]).find
    assert_equal wanted, Portend::Finder.new(prefer: [closed.to_s, wanted.to_s], only_preferred: true).find
  end

  def test_P21_excluded_ports_are_never_given
    ports = Portend::Finder.new.find_many(3)
    assert_equal ports.last, Portend::Finder.new(prefer: ports, exclude: ports.first(2)).find
  end

  def test_P21_many_ports_are_distinct
    assert_equal 200, Portend::Finder.new.find_many(200).uniq.size
    [0, -1, 65_536].each do |count|
      assert_raises(Portend::Invalid) { Portend::Finder.new.find_many(count) }
    end
  end

  def test_P21_a_port_for_udp_as_well
    number = keep(HeldPort.new("127.0.0.1", "udp")).number
    found = Portend::Finder.new(prefer: [number], udp: true).find
    refute_equal number, found
    binds("127.0.0.1", found, :DGRAM)
  end

  def test_P21_one_family_is_enough_on_request
    number = keep(HeldPort.new("::1", "kept")).listen.number
    refute_equal number, Portend::Finder.new(prefer: [number], host: "localhost").find
    assert_equal number, Portend::Finder.new(prefer: [number], host: "localhost", family: :ipv4).find
  end

  def test_P21_outside_of_the_ephemeral_range
    low, high = File.read(EPHEMERAL).split.map(&:to_i)
    found = Portend::Finder.new(avoid_ephemeral: true).find_many(5)
    assert_empty found & (low..high).to_a
  end

  def test_P21_a_port_server_is_asked_where_it_may_be
    number = Portend.find_port
    with_port_server(number) do |service|
      refute_equal number, Portend::Finder.new(port_server: false).find
      assert_equal number, Portend.find_port
      assert_equal ["1", $PID.to_s], Kit.tell("heard", service)
    end
  end

  def test_P21_a_range_that_is_none_is_refused
    [5..1, 1...1].each { |none| assert_raises(ArgumentError) { Portend::Finder.new(within: none) } }
    [0..10, 1..65_536].each { |wide| assert_raises(Portend::Invalid) { Portend::Finder.new(within: wide) } }
  end

  def test_P21_an_option_out_of_range_is_refused
    %i[prefer exclude].product([0, 65_536, -1]).each do |option, number|
      failure = assert_raises(Portend::Invalid) { Portend::Finder.new(option => [number]) }
      assert_equal "Port #{number} is outside 1 to 65535.", failure.message
    end
  end

  def test_P43_the_first_port_from_a_number_on_is_given_once_for_a_while
    first = closed
    found = Array.new(3) { Portend::Finder.new(from: first).find }
    assert_equal found.uniq.sort, found
    assert_operator first, :<, found.first
    preferred = Portend::Finder.new(prefer: [found.last + 1..found.last + 1])
    assert_equal found.last + 1, preferred.find
    refute_equal found.last + 1, preferred.find
    assert_raises(ArgumentError) { Portend::Finder.new(from: first, name: "shop") }
  end

  def test_P58_a_returned_port_of_a_port_server_is_found_again
    number = Portend.find_port
    with_port_server(number) do |service|
      assert_equal number, Portend.find_port
      Kit.tell("serve", service, "answer")
      refute_equal number, Portend.find_port
      Portend.return_port(number)
      assert_equal number, Portend.find_port
      refute_equal number, Portend.find_port
    end
  end

  def test_P58_a_returned_port_that_was_preferred_is_found_again
    preferred = Portend::Finder.new(prefer: [Portend.find_port])
    number = preferred.find
    refute_equal number, preferred.find
    Portend.return_port(number.to_s)
    assert_equal number, preferred.find
    [0, 65_536, -1].each { |none| assert_raises(Portend::Invalid) { Portend.return_port(none) } }
  end

  def test_P43_a_name_has_its_port
    finder = Portend::Finder.new(name: "a project of the tests of Ruby")
    assert_equal finder.find, finder.find
    assert_includes 10_000..29_999, finder.find
    assert_raises(Portend::Invalid) { Portend::Finder.new(name: "") }
  end

  def test_P43_ports_in_a_row_and_ports_for_browsers
    ports = Portend::Finder.new(consecutive: true).find_many(4)
    assert_equal [*ports.first..ports.first + 3], ports
    safe = Portend::Finder.new(within: 6660..6672, browser_safe: true)
    assert_empty safe.find_many(5) & [*6665..6669]
    assert_includes 6670..6672, Portend::Finder.new(within: 6660..6672, exclude: [6660..6669]).find
  end

  def test_P44_several_ports_are_reserved_or_none
    several = Portend::Finder.new(consecutive: true).reserve_many(3)
    ports = several.map(&:port)
    assert_equal [*ports.first..ports.first + 2], ports
    assert_raises(Portend::NoPort) { Portend::Finder.new(within: ports.first..ports.last).reserve_many(3) }
    assert_raises(Portend::Invalid) { Portend::Finder.new.reserve_many(0) }
  ensure
    several&.each(&:close)
  end

  def test_P44_a_program_that_is_executed_inherits_it
    code = <<~RUBY
      require "portend"
      reservation = Portend.reserve
      reservation.inherit
      puts reservation.port
      $stdout.flush
      exec("cat")
    RUBY
    IO.popen([RbConfig.ruby, *$LOAD_PATH.flat_map { |path| ["-I", path] }, "-e", code], "r+") do |child|
      number = Integer(child.gets)
      child.puts("executed")
      assert_equal "executed\n", child.gets
      finder = Portend::Finder.new(prefer: [number], only_preferred: true)
      assert_raises(Portend::NoPort) { finder.find }
    end
  end

  def test_P22_no_port_is_an_error_of_its_own
    finder = Portend::Finder.new(prefer: [server], only_preferred: true)
    %i[find reserve].each do |search|
      failure = assert_raises(Portend::NoPort) { finder.public_send(search) }
      assert_includes failure.message, server.to_s
    end
  end

  def test_a_port_that_is_held_is_not_bindable_but_free
    Portend.free("127.0.0.1", closed, timeout: 0)
    refute_equal closed, Portend::Finder.new(prefer: [closed]).find
  end

  private

  # A port server that gives this number.
  def with_port_server(number)
    ENV["PORTSERVER_ADDRESS"] = path = "@portend-test-#{$PID}"
    service, = Kit.tell("hold", path, 0)
    Kit.tell("listen", service)
    Kit.tell("serve", service, "answer", "#{number}\\n")
    yield service
  ensure
    ENV.delete("PORTSERVER_ADDRESS")
    Kit.tell("release", service) if service
  end
end
