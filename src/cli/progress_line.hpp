// SPDX-License-Identifier: MIT
// A line on a terminal that shows the targets, the time waited, and why they have not reached their states.
#pragma once

#include <chrono>

#include "plan.hpp"

namespace portend::cli {

class ProgressLine {
 public:
  ProgressLine(portend_waiter* waiter, const Plan& plan);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Redraws the line on stderr: after the first second, at most five times a second.
  void draw();

 private:
  portend_waiter* waiter_;
  const Plan& plan_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = began_ + std::chrono::seconds(1);
};

}  // namespace portend::cli
