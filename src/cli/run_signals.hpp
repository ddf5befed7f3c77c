// SPDX-License-Identifier: MIT
// Delivers the signals of `run` by a pipe: those that stop it, and SIGCHLD.
#pragma once

#include <csignal>
#include <optional>

namespace portend::cli {

struct RunSignal {
  int number = 0;
  bool from_terminal = false;  // all processes in the foreground got it
};

/// From its construction on, these signals do not end the process. A signal that was ignored or blocked at
/// the start stays so, except SIGCHLD.
class RunSignals {
 public:
  RunSignals();
  RunSignals(const RunSignals&) = delete;
  RunSignals& operator=(const RunSignals&) = delete;
  ~RunSignals() = default;

  /// A descriptor that is readable when take() returns a signal.
  [[nodiscard]] int descriptor() const { return reading_; }
  [[nodiscard]] std::optional<RunSignal> take() const;

  /// Blocks the signals that were blocked at the start, in a child that becomes another program.
  void restore_mask() const;

 private:
  sigset_t mask_before_{};
  int reading_ = -1;  // open until the process ends
};

}  // namespace portend::cli
