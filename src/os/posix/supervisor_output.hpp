// SPDX-License-Identifier: MIT
// The output of a program: its last part is kept, and all of it is passed on.
#pragma once

#include <array>
#include <cstddef>

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// It never blocks: if the target takes no more, what is left waits here, and is_blocked() tells.
class OutputPump {
 public:
  explicit OutputPump(const SupervisorPlan& plan);

  /// Takes what can be read. False when the other side is closed, or there was nothing to read.
  bool pump(int from) noexcept;

  /// Passes on what waits, as far as the target takes it.
  void flush() noexcept;

  /// Passes on the beginning of a line that was not finished.
  void finish_line() noexcept;

  [[nodiscard]] bool is_blocked() const { return record_complete_; }
  [[nodiscard]] int target() const { return target_; }

  /// From here on what the target does not take at once is lost.
  void drop_if_blocked() noexcept { may_drop_ = true; }

 private:
  static constexpr std::size_t longest_line = 4096;
  static constexpr std::size_t longest_prefix = 256;

  void keep(const char* data, std::size_t size) noexcept;
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

  // The line, or with no prefix the piece, that is written next.
  std::array<char, longest_prefix + longest_line + 1> record_{};
  std::size_t record_size_ = 0;
  std::size_t written_ = 0;
  bool record_complete_ = false;
};

}  // namespace portend::os
