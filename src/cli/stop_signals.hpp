// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM, SIGHUP and SIGQUIT: the program ends by them, as process 1 of a container also.
#pragma once

#include <csignal>

#include <portend/portend.h>

namespace portend::cli {

/// From here on each of these signals ends the process, unless it was ignored when the process
/// started. Process 1 of a PID namespace, where the system ignores a signal that is not handled, exits
/// with 128 + the number of the signal. A program that is executed finds the signals as they were:
/// exec() resets handlers.
void handle_stop_signals();

/// While it lives, these signals end the wait instead, with PORTEND_ERR_CANCELED. One at a time.
class StopWait {
 public:
  explicit StopWait(portend_waiter* waiter);
  ~StopWait();
  StopWait(const StopWait&) = delete;
  StopWait& operator=(const StopWait&) = delete;

  /// The signal that has ended the wait, or 0.
  [[nodiscard]] static int signal();
};

/// While it lives, a terminal is left as it was: these signals write a text there before they end the
/// process.
class RestoreTerminal {
 public:
  /// `text` must be a literal.
  RestoreTerminal(int descriptor, const char* text);
  ~RestoreTerminal();
  RestoreTerminal(const RestoreTerminal&) = delete;
  RestoreTerminal& operator=(const RestoreTerminal&) = delete;
};

/// While it lives, these signals are kept waiting.
class DelaySignals {
 public:
  DelaySignals();
  ~DelaySignals();
  DelaySignals(const DelaySignals&) = delete;
  DelaySignals& operator=(const DelaySignals&) = delete;

 private:
  sigset_t before_{};
};

/// Ends the process by a signal.
[[noreturn]] void die_of(int signal);

}  // namespace portend::cli
