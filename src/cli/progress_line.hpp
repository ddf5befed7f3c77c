// SPDX-License-Identifier: MIT
// A line on a terminal that says what is awaited, how long, and why it is not there yet.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

class ProgressLine {
 public:
  /// Silent where stderr is no terminal.
  ProgressLine(portend_waiter* waiter, const std::vector<Target>& targets, std::string state, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// The signal that interrupted the wait while the line was there, or 0. The program is to die
  /// of it once the line is gone.
  [[nodiscard]] static int interrupted_by();

 private:
  static int draw_by_hook(void* self);
  void draw();
  void clear() const;

  portend_waiter* waiter_;
  const std::vector<Target>& targets_;
  std::string state_;
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = began_ + std::chrono::seconds(1);
};

}  // namespace portend::cli
