// SPDX-License-Identifier: MIT
// COMMAND of `run`: a child in the foreground, with stdin and the terminal.
#pragma once

#include <chrono>
#include <optional>

#include "commands.hpp"
#include "run_signals.hpp"

namespace portend::cli {

class RunCommand {
 public:
  using Clock = std::chrono::steady_clock;

  /// Starts it. One that cannot be executed ends with 126 or 127.
  explicit RunCommand(const Command& command);

  /// Takes the status of children that have ended: this one, and of process 1 also orphans.
  void reap();

  /// Passes a signal on that the terminal has not sent to it; it is killed after `grace`.
  void signal(int number, std::chrono::milliseconds grace);

  /// Kills it if its grace is over.
  void check_grace() const;

  [[nodiscard]] std::optional<Clock::time_point> kill_at() const { return kill_at_; }
  [[nodiscard]] bool has_ended() const { return status_.has_value(); }

  /// The signal that ended it, or 0.
  [[nodiscard]] int end_signal() const;

  /// As a shell has it.
  [[nodiscard]] int exit_code() const;

 private:
  int pid_ = 0;
  std::optional<int> status_;
  std::optional<Clock::time_point> kill_at_;
};

/// Takes the status of orphans that have become children of process 1.
void reap_orphans();

}  // namespace portend::cli
