# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

# Programs that serve a port.
class ServerTest < Minitest::Test
  include Portend::Server::Minitest

  LISTEN = <<~RUBY
    require "socket"
    server = TCPServer.new("127.0.0.1", Integer(ENV["PORT"]))
    loop { server.accept.close }
  RUBY

  # Without SO_REUSEADDR, unlike TCPServer.
  STRICT = <<~RUBY
    require "socket"
    server = Socket.new(:INET, :STREAM)
    server.bind(Addrinfo.tcp("127.0.0.1", Integer(ENV["PORT"])))
    server.listen(1)
    server.accept
  RUBY

  def ruby(text)
    [RbConfig.ruby, "-e", text]
  end

  def test_P55_a_server_is_ready_in_the_block_and_ends_after_it
    port, pid = Portend.server(*ruby(LISTEN)) do |server|
      TCPSocket.new("127.0.0.1", server.port).close
      assert_predicate server, :alive?
      [server.port, server.pid]
    end
    assert Portend.free?("127.0.0.1", port)
    assert_raises(Errno::ESRCH) { Process.kill(0, pid) }
  end

  def test_P55_a_server_ends_with_its_test
    server = start_server(*ruby(LISTEN), env: { "NAME" => "value" })
    assert Portend.occupied?("127.0.0.1", server.port)
  end

  def test_a_server_of_an_rspec_example_ends_with_it
    hooks = []
    group = Class.new
    group.define_singleton_method(:after) { |&hook| hooks << hook }
    group.include(Portend::Server::RSpec)
    example = group.new
    server = example.start_server(*ruby(LISTEN))
    assert_predicate server, :alive?
    hooks.each { |hook| example.instance_exec(&hook) }
    refute_predicate server, :alive?
  end

  def test_P56_a_server_that_dies_is_reported_with_its_output
    failure = assert_raises(Portend::ProcessGone) { start_server(*ruby('warn "no database"; exit 3')) }
    assert_includes failure.message, "no database"
    assert_includes failure.message, "3"
  end

  def test_P56_a_server_that_does_not_listen_in_time_is_ended
    server = Portend::Server.new(*ruby("sleep"), timeout: 0.5)
    assert_raises(Portend::Timeout) { server.start }
    refute_predicate server, :alive?
  end

  def test_P57_a_program_that_does_not_set_so_reuseaddr
    failure = assert_raises(Portend::ProcessGone) { start_server(*ruby(STRICT)) }
    assert_includes failure.message, "SO_REUSEADDR"
    server = start_server(*ruby(STRICT), reserved: false)
    assert Portend.occupied?("127.0.0.1", server.port)
  end

  def test_P57_another_process_serves_the_port
    foreign = Socket.new(:INET, :STREAM)
    foreign.bind(Addrinfo.tcp("127.0.0.1", 0))
    port = foreign.local_address.ip_port
    listening = Thread.new do
      sleep 0.2
      foreign.listen(1)
    end
    server = Portend::Server.new(*ruby("sleep"), port:, any_owner: true).start
    listening.join
    foreign.close
    assert_predicate server, :alive?
    server.stop
  end

  def test_the_block_ends_the_server_when_it_raises
    pid = nil
    assert_raises(RuntimeError) do
      Portend.server(*ruby(LISTEN)) do |server|
        pid = server.pid
        raise "failed"
      end
    end
    assert_raises(Errno::ESRCH) { Process.kill(0, pid) }
  end

  def test_a_timeout_of_ruby_ends_a_start
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    assert_raises(Timeout::Error) do
      Timeout.timeout(0.3) { Portend.server(*ruby("sleep"), timeout: LONG) { nil } }
    end
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - began, :<, LONG / 2
  end

  def test_a_command_is_needed
    assert_raises(ArgumentError) { Portend::Server.new }
  end
end
