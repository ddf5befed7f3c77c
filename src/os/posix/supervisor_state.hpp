// SPDX-License-Identifier: MIT
// The plan of a supervisor, and the memory that it shares with its host: the process that starts it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "os/posix/output_tail.hpp"

namespace portend::os {

struct SupervisorState {
  // Written by the supervisor and the program.
  std::atomic<int> program = 0;  // its process ID
  std::atomic<int> failed_step = 0;
  std::atomic<int> error = 0;
  std::atomic<bool> exited = false;  // the program itself
  std::atomic<int> exit_code = 0;
  std::atomic<int> exit_signal = 0;
  std::atomic<bool> finished = false;  // no process remains
  std::atomic<int> left_behind = 0;
  OutputTail output;

  // Written by the host.
  std::atomic<std::int64_t> grace_ms = 0;
  std::atomic<bool> stopping = false;
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// The pointers refer to memory of the host. The supervisor has a copy of it since the fork.
struct SupervisorPlan {
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  char* const* paths = nullptr;  // to be tried in turn
  const char* directory = nullptr;
  const char* prefix = "";
  std::size_t prefix_size = 0;
  int control = -1;
  int output = -1;            // -1: discard the output
  int host_end = -1;          // readable after the host has ended; -1 if the system has no such descriptor
  int host = 0;               // process ID
  std::int64_t grace_ms = 0;  // after the end of the host
  SupervisorState* state = nullptr;
};

/// Runs the supervisor. The host may have many threads when it forks, so this function calls only what is
/// async-signal-safe (signal-safety(7)): it takes no lock and allocates no memory.
[[noreturn]] void run_supervisor(SupervisorPlan plan) noexcept;

}  // namespace portend::os
