// SPDX-License-Identifier: MIT
// What a supervisor leaves of the process that it was forked from, and the signals that it takes and sends.
#pragma once

#include <array>
#include <cstddef>

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// Makes a process group of its own, closes all that it does not need, and resets the signals.
void detach(SupervisorPlan& plan) noexcept;

/// Readable when a child has ended.
int open_child_notices() noexcept;
void clear_child_notices(int notices) noexcept;

/// Tells the other side, supervisor or host, that the shared state has changed. Never blocks.
void send_notice(int control) noexcept;

/// Signals to the program's group, and to children that have left it.
class DescendantSignals {
 public:
  explicit DescendantSignals(int program) : group_(program) {}

  /// Sends TERM, once to each; a stopped process goes on to take it.
  void terminate() noexcept;
  void kill() noexcept;

  /// Whether the group has processes. When it has none its number may be that of another group soon, and is
  /// not used any more.
  [[nodiscard]] bool group_exists() const noexcept;

  /// A process that is left.
  [[nodiscard]] int any_left() const noexcept;

 private:
  bool note(int pid) noexcept;

  int group_;
  mutable bool group_gone_ = false;
  bool group_told_ = false;
  std::array<int, 256> told_{};
  std::size_t told_count_ = 0;
};

}  // namespace portend::os
