# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Measures how much longer a wait that is satisfied at once takes in Ruby than in C, in microseconds.
#
#   PORTEND_LIBRARY=build/release/src/libportend.so ruby -I build/release/bindings/ruby/lib \
#     bindings/ruby/bench/overhead.rb [ROUNDS]
#
# Fiddle makes the C call. The cost of Fiddle itself is measured by portend_version and subtracted.
require "fiddle"
require "portend"

ROUNDS = Integer(ARGV.fetch(0, 5000))
PROMISED = 15

def median
  times = Array.new(ROUNDS) do
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - began
  end
  times.sort[ROUNDS / 2] / 1000.0
end

def c_function(library, name, types, result)
  Fiddle::Function.new(library["portend_#{name}"], types, result)
end

library = Fiddle.dlopen(ENV.fetch("PORTEND_LIBRARY"))
types = [Fiddle::TYPE_VOIDP, Fiddle::TYPE_INT, Fiddle::TYPE_LONG_LONG]
strerror = c_function(library, "strerror", [Fiddle::TYPE_INT], Fiddle::TYPE_VOIDP)
fiddle = median { strerror.call(0) }

listener = TCPServer.new("127.0.0.1", 0)
listener.listen(4096)
free = Portend.reserve("127.0.0.1")
worst = { "occupied" => listener.local_address.ip_port, "free" => free.port }.map do |name, port|
  function = c_function(library, name, types, Fiddle::TYPE_INT)
  c = median { function.call("127.0.0.1", port, 3000) } - fiddle
  ruby = median { Portend.public_send(name, "127.0.0.1", port, timeout: 3) }
  puts format("%-8<name>s  C %<c>6.1f us  Ruby %<ruby>6.1f us  more %<more>5.1f us",
              name:, c:, ruby:, more: ruby - c)
  ruby - c
end.max
exit worst <= PROMISED
