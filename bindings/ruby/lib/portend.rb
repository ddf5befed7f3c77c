# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "io/wait"
require "socket"
require "portend/native"

# When a TCP port is up, when it is gone, and which one you may have.
#
#     Portend.occupied("localhost", 5432, timeout: 3)
#
# Waiting: {occupied}, {free}, {wait_all}, {wait_any}, {watch}, and {Waiter} for what these do not say.
# Looking once: {assert_free}, {occupied?}, {free?}, {listeners}, {sockets}, {explain_usage}.
# Ports: {find_port}, {reserve}, {Finder}. Text: {parse_target}, {format_target}, {client_host}.
#
# Other threads run during a wait, and so do handlers of signals. Timeout.timeout, Thread#raise,
# Thread#kill and Ctrl-C end it. In a fiber that has a scheduler a wait lets other fibers run.
#
# Timeouts are seconds, of any Numeric; nil is for ever, and 0 looks exactly once. Ports are Integers, or
# their digits. What fails raises an {Error}; what cannot be meant at all an ArgumentError, a TypeError or
# a RangeError.
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
require "portend/sockets"
