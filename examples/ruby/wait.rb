# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Waits for two services: wait.rb DATABASE CACHE, each as HOST:PORT or a URL.
require "portend"

abort "usage: wait.rb DATABASE CACHE" unless ARGV.size == 2

begin
  Portend.wait_all(*ARGV, timeout: 30)
rescue Portend::Error => e
  abort e.message
end
puts "ready"
