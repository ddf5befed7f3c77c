# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Starts a server again whenever it ends: supervise.rb COMMAND [ARGUMENT...]. The command finds its port in
# $PORT, or in an argument "{port}". SIGINT and SIGTERM stop it.
require "portend"

abort "usage: supervise.rb COMMAND [ARGUMENT...]" if ARGV.empty?

Signal.trap("TERM") { raise Interrupt }
$stdout.sync = true
server = Portend::Server.new(*ARGV)

begin
  server.start
  Portend.watch("127.0.0.1:#{server.port}") do |event|
    puts "port #{server.port} is #{event.state}"
    if event.state == :free
      server.stop
      server.start
    end
  end
rescue Interrupt
  server.stop
rescue Portend::Error => e
  abort e.message
end
