// SPDX-License-Identifier: MIT
// The output of --verbose for a wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "plan.hpp"

namespace portend::cli {

/// Decides when to log a line: for a target whose reason has changed or that has reached its state, and once
/// a minute.
class LogSchedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Progress {
    bool reached = false;
    portend_reason reason = PORTEND_REASON_NONE;
  };

  struct Due {
    std::vector<std::size_t> targets;  // by index
    bool minute = false;
  };

  explicit LogSchedule(Time began) : next_minute_(began + std::chrono::minutes(1)) {}

  Due update(Time now, const std::vector<Progress>& targets);

 private:
  std::vector<Progress> told_;
  Time next_minute_;
};

/// Prints the lines to stderr.
class WaitLog {
 public:
  WaitLog(portend_waiter* waiter, const Plan& plan);

  /// Prints the lines that are due.
  void update();

  /// Prints a line for each target that has reached its state and was not logged yet.
  void finish();

 private:
  void print_reached(std::size_t index);
  void print_missing(std::size_t index, std::size_t count);

  portend_waiter* waiter_;
  const Plan& plan_;
  bool begun_ = false;
  std::vector<bool> printed_;  // by target: its final line was printed
  LogSchedule::Time began_ = std::chrono::steady_clock::now();
  LogSchedule schedule_{began_};
};

}  // namespace portend::cli
