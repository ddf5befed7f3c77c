# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Helpers of the tests: ports, clocks and the C library.
require "English"
require "fiddle"
require "io/nonblock"
require "io/wait"
require "minitest/autorun"
require "open3"
require "portend"
require "rbconfig"
require "socket"
require "timeout"

# A name that does not exist. No name server is asked for it, because a label is empty.
NO_NAME = "no..such.host"
LONG = 60
FOLDER = File.expand_path("..", __dir__)
NATIVE = Portend.const_get(:Native)

module Minitest
  # Minitest hides the reason.
  class Test
    def skip(reason, *)
      puts "skipped: #{reason.delete_prefix('skipped: ').chomp}"
      super
    end
  end
end

# The kit (tests/kit/README.md): sockets of another process.
module Kit
  PROGRAM = ENV.fetch("PORTEND_KIT")
  LOCK = Mutex.new
  PIPE = IO.popen(PROGRAM, "r+")
  PIPE.nonblock = false # not for a fiber scheduler

  # Sends a command, and returns the values of the answer, even if the thread is interrupted.
  def self.tell(*words)
    word, *values = Thread.handle_interrupt(Object => :never) do
      LOCK.synchronize do
        PIPE.puts(words.join(" "))
        PIPE.gets.split
      end
    end
    raise "the kit refuses #{words}: #{values}" unless word == "ok"

    values
  end
end

# A port of 127.0.0.1 and ::1 that the kit keeps bound. It listens on request.
class HeldPort
  attr_reader :number

  def initialize(address = "::", *how)
    how = %w[dual kept] if how.empty?
    @socket, @number = Kit.tell("hold", address, 0, *how).map(&:to_i)
  end

  def listen
    Kit.tell("listen", @socket)
    self
  end

  def close
    Kit.tell("close", @socket)
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

  # Returns the message of C for a failure of these arguments.
  def self.sentence(name, host, port, timeout_ms)
    status = call(name, [TEXT, INT, LONG_LONG], INT, host, port, timeout_ms)
    raise "portend_#{name} did not fail" if status >= 0

    text("last_error")
  end
end

# Servers, clocks and helpers, which end with the test.
module Support
  # A port that is kept and does not listen.
  def port
    @port ||= keep(HeldPort.new)
  end

  # Returns the number of a port that is kept and does not listen.
  def closed
    @closed ||= keep(HeldPort.new).number
  end

  # Returns the reason of a listener of this machine.
  def listening
    ENV["PORTEND_PROBE"] == "connect" ? :accepted : :listening
  end

  # How a message counts a single probe of a closed port of this machine: one in the socket table, and a
  # connection that confirms it.
  def one_probe
    ENV["PORTEND_PROBE"] == "connect" ? "1 probe" : "2 probes"
  end

  # Returns the number of a port that listens on all addresses.
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

  # Runs an action in another thread while the block waits.
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
      flunk "the condition was never true" if now > deadline
      sleep 0.005
    end
  end

  # Handles a signal during the block.
  def trapping(signal, handler)
    previous = trap(signal, handler)
    yield
  ensure
    trap(signal, previous)
  end

  # Sends a signal repeatedly during the block.
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

  # Starts a child that writes a line right before the tested call.
  def start_ruby(code, *before)
    out, theirs = IO.pipe
    pid = spawn(*before, *ruby_command(code), out: theirs, err: theirs)
    theirs.close
    keep(out)
    assert_equal "ready\n", out.gets
    [pid, out]
  end

  # Returns the beginning of a command in a network where SILENT_HOST never answers.
  def without_answers
    said, status = Open3.capture2e(Kit::PROGRAM, "network", "silent", "true")
    skip said unless status.success?
    [Kit::PROGRAM, "network", "silent"]
  end

  SILENT_HOST = "10.66.0.9"

  # A program that prints which package it uses, and that it works.
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
