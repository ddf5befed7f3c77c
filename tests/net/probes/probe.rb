# SPDX-License-Identifier: MIT
# frozen_string_literal: true

# Probes targets with all functions of the Ruby binding.
require "portend"

ARGV.each do |target|
  host, port = target.split(":")
  3.times do
    Portend.occupied(host, Integer(port), timeout: 10)
    raise "#{target} is free" if Portend.free?(host, Integer(port), timeout: 10)
  end
  begin
    Portend.free(host, Integer(port), timeout: 0.2)
    raise "#{target} is free"
  rescue Portend::Timeout
    Portend.wait_all(target, timeout: 10)
  end
  states = Portend.watch(target, timeout: 0.2).map(&:state)
  raise "#{target}: #{states}" unless states == [:occupied]
end
