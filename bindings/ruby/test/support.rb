# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# What the tests hold ports, time and C with.
require "English"
require "fiddle"
require "io/wait"
require "minitest/autorun"
require "open3"
require "portend"
require "rbconfig"
require "socket"
require "timeout"

# A name that does not exist, and that no name server is asked for: a label is empty.
NO_NAME = "nobody..invalid"
LONG = 60
FOLDER = File.expand_path("..", __dir__)
NATIVE = Portend.const_get(:Native)

# A port of 127.0.0.1 and ::1 that is held, and listens when it is told to.
class HeldPort
  attr_reader :number

  def initialize
    hold(0)
  end

  def listen
    @socket.listen(1024)
    self
  end

  def close
    @socket.close
  end

  # Hold and listen anew after close.
  def again
    hold(number)
    listen
  end

  private

  def hold(number)
    @socket = Socket.new(:INET6, :STREAM)
    @socket.setsockopt(:IPV6, :V6ONLY, 0)
    @socket.setsockopt(:SOCKET, :REUSEADDR, 1) unless number.zero?
    @socket.bind(Addrinfo.tcp("::", number))
    @number = @socket.local_address.ip_port
  end
end

# The C library itself, without the package.
module C
  LIBRARY = Fiddle.dlopen(ENV.fetch("PORTEND_LIBRARY"))
  TEXT = Fiddle::TYPE_VOIDP
  INT = Fiddle::TYPE_INT
  LONG_LONG = Fiddle::TYPE_LONG_LONG

  def self.call(name, types, result, *arguments)
    Fiddle::Function.new(LIBRARY["portend_#{name}"], types, result).call(*arguments)
  end

  def self.text(name)
    call(name, [], TEXT).to_s.force_encoding(Encoding::UTF_8)
  end

  # What C says of a failure of these arguments.
  def self.sentence(name, host, port, timeout_ms)
    status = call(name, [TEXT, INT, LONG_LONG], INT, host, port, timeout_ms)
    raise "portend_#{name} did not fail" if status >= 0

    text("last_error")
  end
end

# Servers, clocks and helpers of a test, ended with it.
module Support
  # A port that is held and does not listen.
  def port
    @port ||= keep(HeldPort.new)
  end

  # The number of a port that is held and does not listen.
  def nobody
    @nobody ||= keep(HeldPort.new).number
  end

  # The number of a port that listens, on all addresses.
  def server
    @server ||= keep(HeldPort.new).listen.number
  end

  def teardown
    (@kept || []).each(&:close)
    super
  end

  def keep(closeable)
    (@kept ||= []) << closeable
    closeable
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  def seconds
    began = now
    yield
    now - began
  end

  # Does something in another thread while the block waits.
  def after(delay, action)
    thread = Thread.new do
      sleep delay
      action.call
    end
    yield
  ensure
    thread.join
  end

  def wait_until(limit = 20)
    deadline = now + limit
    until yield
      flunk "the condition never came" if now > deadline
      sleep 0.005
    end
  end

  # A handler of a signal during the block.
  def trapping(signal, handler)
    previous = trap(signal, handler)
    yield
  ensure
    trap(signal, previous)
  end

  # Sends a signal again and again during the block.
  def ringing(signal, period)
    ended = false
    thread = Thread.new do
      until ended
        sleep period
        Process.kill(signal, $PID) unless ended
      end
    end
    yield
  ensure
    ended = true
    thread.join
  end

  def binds(host, number, kind = :STREAM)
    Addrinfo.public_send(kind == :STREAM ? :tcp : :udp, host, number).bind(&:local_address)
  end

  def ruby_command(code)
    [RbConfig.ruby, *$LOAD_PATH.map { |path| "-I#{path}" }, "-rportend", "-e", code]
  end

  def ruby(code)
    Open3.capture3(*ruby_command(code))
  end

  # A child that writes a line when it is about to do what is tested.
  def start_ruby(code, *before)
    out, theirs = IO.pipe
    pid = spawn(*before, *ruby_command(code), out: theirs, err: theirs)
    theirs.close
    keep(out)
    assert_equal "ready\n", out.gets
    [pid, out]
  end

  # Skips, where no network can be made: where nobody answers is a network of its own, whose only way out
  # leads nowhere.
  def where_nobody_answers
    skip "only root can make a network namespace" unless Process.euid.zero?
    ["unshare", "-n", "sh", "-e", "-c", SILENCE, "sh"]
  end

  SILENT_HOST = "10.0.0.2"
  SILENCE = <<~SHELL
    ip link set lo up
    ip link add silence type veth peer name nowhere
    ip link set nowhere up
    ip link set silence up arp off
    ip address add 10.0.0.1/24 dev silence
    exec "$@"
  SHELL

  # A program that says from where it has the package, and that it works.
  USE = <<~RUBY
    require "portend"
    puts $LOADED_FEATURES.grep(/portend/)
    server = TCPServer.new("127.0.0.1", 0)
    Portend.occupied("127.0.0.1", server.local_address.ip_port, timeout: 5)
    begin
      Portend.free("127.0.0.1", server.local_address.ip_port, timeout: 0)
    rescue Portend::Timeout => e
      puts e.message
    end
  RUBY

  def fds
    Dir.children("/proc/self/fd").size
  end

  def tasks
    Dir.children("/proc/self/task").size
  end
end
