// SPDX-License-Identifier: MIT
// The signals of `run`, in a pipe: those that stop it, and SIGCHLD.
#pragma once

#include <optional>

namespace portend::cli {

struct RunSignal {
  int number = 0;
  bool from_terminal = false;  // the processes in the foreground then have it also
};

/// From here on these signals end nothing. A signal that was ignored when the process started stays ignored.
class RunSignals {
 public:
  RunSignals();
  RunSignals(const RunSignals&) = delete;
  RunSignals& operator=(const RunSignals&) = delete;

  /// Readable when take() gives one.
  [[nodiscard]] int descriptor() const { return reading_; }
  [[nodiscard]] std::optional<RunSignal> take() const;

 private:
  int reading_ = -1;  // for the rest of the process
};

}  // namespace portend::cli
