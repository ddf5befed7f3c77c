# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "io/wait"
require "socket"
require "portend/native"

# Waits for TCP ports to open or close, and finds free local ports.
#
#     Portend.occupied("localhost", 5432, timeout: 3)
#
# Waiting: occupied, free, bindable, drained, wait_all, wait_any, watch; Waiter has all
# options. Probing once: probe, assert_free, occupied?, free?, bindable?, listeners, sockets,
# explain_usage.
# Ports: find_port, reserve, Finder. Servers for tests: server, Server. Text: parse_target,
# format_target, client_host.
#
# Other threads run during a wait, and so do handlers of signals. Timeout.timeout, Thread#raise,
# Thread#kill and Ctrl-C end it. In a fiber that has a scheduler, other fibers run during a wait, and all
# waits of the scheduler share a few descriptors. Ractors cannot use the package: the code that SWIG
# generates keeps tables that are not locked between Ractors.
#
# Timeouts are seconds, of any Numeric; nil never gives up, and 0 probes exactly once. Ports are Integers,
# or their digits. A failure raises an Error; a malformed argument raises an ArgumentError, a TypeError
# or a RangeError.
module Portend
  # The version of the library that does the work.
  VERSION = Native.version

  private_constant :Native
end

require "portend/errors"
require "portend/arguments"
require "portend/words"
require "portend/addresses"
require "portend/target"
require "portend/event"
require "portend/scheduled"
require "portend/waiter"
require "portend/simple"
require "portend/many"
require "portend/reservation"
require "portend/finder"
require "portend/server"
require "portend/sockets"
