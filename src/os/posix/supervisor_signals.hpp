// SPDX-License-Identifier: MIT
// Detaches a supervisor from the process that forked it, and handles its signals.
#pragma once

#include <array>
#include <cstddef>

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// Starts a process group, closes all unneeded descriptors, and resets the signal handlers.
void detach(SupervisorPlan& plan) noexcept;

/// Returns a descriptor that is readable after a child has ended; -1 if the system refuses it.
int open_child_notices() noexcept;
void clear_child_notices(int notices) noexcept;

/// Tells the peer (supervisor or host) that the shared state has changed. Never blocks.
void send_notice(int control) noexcept;

/// Signals the program's process group, and the children that have left the group.
class DescendantSignals {
 public:
  explicit DescendantSignals(int program) : group_(program) {}

  /// Sends TERM to each process once, and CONT, so that a stopped process receives it.
  void terminate() noexcept;
  void kill() const noexcept;

  /// Whether the group has processes. After it is empty, its number may be reused, and is not used here any
  /// more.
  [[nodiscard]] bool group_exists() const noexcept;

  /// Returns one of the remaining processes.
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
