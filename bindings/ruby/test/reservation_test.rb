# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class ReservationTest < Minitest::Test
  include Support

  def test_P34_no_other_program_gets_a_reserved_port
    number = Portend.reserve do |reservation|
      assert_raises(Errno::EADDRINUSE) { binds_without_reuse(reservation.port) }
      Portend.free("127.0.0.1", reservation.port, timeout: 0)
      refute_equal reservation.port, Portend::Finder.new(prefer: [reservation.port]).find
      assert_includes reservation.explain, reservation.port.to_s
      assert_equal "#<Portend::Reservation of port #{reservation.port}>", reservation.inspect
      reservation.port
    end
    binds("127.0.0.1", number)
  end

  def test_P34_a_block_ends_it_whichever_way_it_is_left
    reservation = nil
    assert_raises(KeyError) do
      Portend.reserve do |held|
        reservation = held
        raise KeyError
      end
    end
    assert_predicate reservation, :closed?
    assert_empty reservation.fds
    binds("127.0.0.1", reservation.port)
  end

  def test_P34_a_server_can_bind_the_number_meanwhile
    Portend.reserve do |reservation|
      keep(TCPServer.new("127.0.0.1", reservation.port))
      Portend.occupied("127.0.0.1", reservation.port, timeout: 5)
    end
  end

  def test_P34_its_servers_serve_and_outlive_it
    listener = Portend.reserve("127.0.0.1") { |reservation| keep(reservation.servers.fetch(0)) }
    assert_instance_of TCPServer, listener
    assert_predicate listener, :close_on_exec?
    assert_equal "hello", answer_of(listener) { listener.accept }
  end

  def test_P34_its_sockets_listen_later
    listener = Portend.reserve("127.0.0.1") { |reservation| keep(reservation.sockets.fetch(0)) }
    Portend.free("127.0.0.1", listener.local_address.ip_port, timeout: 0)
    listener.listen(5)
    assert_equal "hello", answer_of(listener) { listener.accept.first }
  end

  def test_P34_sockets_that_are_forgotten_do_not_close_those_of_the_reservation
    Portend.reserve do |reservation|
      20.times { reservation.sockets.each(&:close) }
      GC.start
      reservation.servers.each(&:close)
      Portend.occupied("127.0.0.1", reservation.port, timeout: 5)
    end
  end

  def test_P34_a_child_inherits_its_descriptors
    code = "require 'socket'; TCPServer.for_fd(Integer(ARGV[0])).accept.write('from a child')"
    Portend.reserve("127.0.0.1") do |reservation|
      reservation.listen
      fds = reservation.fds
      pid = spawn(RbConfig.ruby, "-e", code, *fds.map(&:to_s), **fds.to_h { |fd| [fd, fd] })
      assert_equal "from a child", TCPSocket.open("127.0.0.1", reservation.port, &:read)
      assert_predicate Process.wait2(pid).last, :success?
    end
  end

  def test_P34_a_reservation_has_the_options_of_its_finder
    Portend::Finder.new(within: 21_000..21_500).reserve do |reservation|
      assert_includes 21_000..21_500, reservation.port
    end
  end

  def test_P34_a_reservation_that_was_closed_cannot_listen
    reservation = Portend.reserve
    refute_predicate reservation, :closed?
    2.times { reservation.close }
    [-> { reservation.listen }, -> { reservation.servers }, -> { reservation.park }].each do |call|
      assert_raises(Portend::Invalid, &call)
    end
    Portend.reserve { |other| assert_raises(Portend::Invalid) { other.listen(0) } }
  end

  def test_P35_a_parked_port_stays_with_servers_that_reuse_addresses
    reservation = Portend.reserve("127.0.0.1")
    assert_operator reservation.park, :>=, 30
    assert_empty reservation.fds
    assert_raises(Errno::EADDRINUSE) { binds_without_reuse(reservation.port) }
    assert_equal reservation.port, Portend::Finder.new(prefer: [reservation.port]).find
    keep(TCPServer.new("127.0.0.1", reservation.port))
    Portend.occupied("127.0.0.1", reservation.port, timeout: 5)
    assert_includes assert_raises(Portend::Invalid) { reservation.park }.message, "parked"
  end

  private

  # Addrinfo#bind sets SO_REUSEADDR.
  def binds_without_reuse(number)
    socket = Socket.new(:INET, :STREAM)
    socket.bind(Addrinfo.tcp("127.0.0.1", number))
  ensure
    socket.close
  end

  def answer_of(listener)
    client = TCPSocket.new("127.0.0.1", listener.local_address.ip_port)
    served = yield
    served.write("hello")
    served.close
    client.read
  ensure
    client.close
  end
end
