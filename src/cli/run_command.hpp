// SPDX-License-Identifier: MIT
// The COMMAND of `run`: a child in the foreground, which has stdin and the terminal.
#pragma once

#include <chrono>
#include <optional>

#include "commands.hpp"
#include "run_signals.hpp"

namespace portend::cli {

class RunCommand {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts the command. If it cannot be executed, it ends with 126 or 127.
  RunCommand(const Command& command, const RunSignals& signals);

  /// Reaps the command if it has ended. In process 1, also reaps orphans.
  void reap();

  /// Forwards a signal, unless the terminal has sent it to the command. Starts the grace, after which the
  /// command is killed.
  void signal(int number, std::chrono::milliseconds grace);

  /// Kills the command if its grace is over.
  void check_grace() const;

  [[nodiscard]] std::optional<Clock::time_point> kill_at() const { return kill_at_; }
  [[nodiscard]] bool has_ended() const { return status_.has_value(); }

  /// The signal that ended the command, or 0.
  [[nodiscard]] int end_signal() const;

  /// The exit code as in a shell.
  [[nodiscard]] int exit_code() const;

 private:
  int pid_ = 0;
  std::optional<int> status_;
  std::optional<Clock::time_point> kill_at_;
};

/// Reaps orphans that have become children of process 1.
void reap_orphans();

}  // namespace portend::cli
