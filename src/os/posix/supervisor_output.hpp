// SPDX-License-Identifier: MIT
// Keeps the last part of a program's output, and forwards all of it.
#pragma once

#include <array>
#include <cstddef>

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// Never blocks. If the target takes no more, the rest waits here, and is_blocked() returns true.
class OutputPump {
 public:
  explicit OutputPump(const SupervisorPlan& plan);

  /// Reads what is available. False if the other side has closed, or if there was nothing to read.
  bool pump(int from) noexcept;

  /// Writes waiting output, as far as the target takes it.
  void flush() noexcept;

  /// Writes the beginning of an unfinished line.
  void finish_line() noexcept;

  [[nodiscard]] bool is_blocked() const { return record_complete_; }
  [[nodiscard]] int target() const { return target_; }

  /// From now on, discards output that the target does not take at once.
  void drop_if_blocked() noexcept { may_drop_ = true; }

 private:
  static constexpr std::size_t longest_line = 4096;
  static constexpr std::size_t longest_prefix = 256;

  void fill_record() noexcept;
  void start_record() noexcept;
  bool write_record() noexcept;

  SupervisorState& state_;
  const char* prefix_;
  std::size_t prefix_size_;
  int target_;
  bool may_drop_ = false;

  std::array<char, 4096> input_{};
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;

  // The line that is written next; without a prefix, the next piece.
  std::array<char, longest_prefix + longest_line + 1> record_{};
  std::size_t record_size_ = 0;
  std::size_t written_ = 0;
  bool record_complete_ = false;
};

}  // namespace portend::os
