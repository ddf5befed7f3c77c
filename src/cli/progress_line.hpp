// SPDX-License-Identifier: MIT
// The line on a terminal that says what is waited for, for how long, and why it has not come yet.
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

  /// Draws the line anew on stderr, five times a second at most; not in the first second.
  void draw();

 private:
  portend_waiter* waiter_;
  const Plan& plan_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = began_ + std::chrono::seconds(1);
};

}  // namespace portend::cli
