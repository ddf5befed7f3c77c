// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM, SIGHUP and SIGQUIT end the program, also as process 1 of a container.
#pragma once

#include <csignal>

#include <portend/portend.h>

namespace portend::cli {

/// From now on each of these signals ends the process, unless it was ignored at the start. Process 1 of a PID
/// namespace, for which the system ignores signals without a handler, exits with 128 plus the number of the
/// signal. exec() resets the handlers.
void handle_stop_signals();

/// While it lives, these signals end the wait with PORTEND_ERR_CANCELED instead. At most one may live.
class StopWait {
 public:
  explicit StopWait(portend_waiter* waiter);
  ~StopWait();
  StopWait(const StopWait&) = delete;
  StopWait& operator=(const StopWait&) = delete;

  /// The signal that has ended the wait, or 0.
  [[nodiscard]] static int signal();
};

/// While it lives, these signals write a text to the terminal before they end the process, to restore its
/// settings.
class RestoreTerminal {
 public:
  /// `text` must be a literal.
  RestoreTerminal(int descriptor, const char* text);
  ~RestoreTerminal();
  RestoreTerminal(const RestoreTerminal&) = delete;
  RestoreTerminal& operator=(const RestoreTerminal&) = delete;
};

/// Delays these signals while it lives.
class DelaySignals {
 public:
  DelaySignals();
  ~DelaySignals();
  DelaySignals(const DelaySignals&) = delete;
  DelaySignals& operator=(const DelaySignals&) = delete;

 private:
  sigset_t before_{};
};

/// Ends this process by a signal.
[[noreturn]] void die_of(int signal);

}  // namespace portend::cli
