// SPDX-License-Identifier: MIT
// What a supervisor is given, and the memory that it shares with the process that started it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace portend::os {

struct SupervisorState {
  static constexpr std::size_t tail_size = 8192;

  // Written by the supervisor and the program.
  std::atomic<int> program = 0;  // its process id
  std::atomic<int> failed_step = 0;
  std::atomic<int> error = 0;
  std::atomic<bool> exited = false;  // the program itself
  std::atomic<int> exit_code = 0;
  std::atomic<int> exit_signal = 0;
  std::atomic<bool> finished = false;  // no process is left
  std::atomic<int> left_behind = 0;
  std::atomic<std::uint64_t> output_size = 0;          // of all that the program wrote
  std::array<std::atomic<char>, tail_size> tail = {};  // byte N of it stands at N modulo the size

  // Written by the process that started it.
  std::atomic<std::int64_t> grace_ms = 0;
  std::atomic<bool> stopping = false;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// The pointers lead into memory of the process that was forked, of which the supervisor has a copy.
struct SupervisorPlan {
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  char* const* paths = nullptr;  // to be tried in turn
  const char* directory = nullptr;
  const char* prefix = "";
  std::size_t prefix_size = 0;
  int control = -1;
  int output = -1;            // -1: nowhere
  int host_end = -1;          // readable when the process that started it has ended; -1 where there is none
  int host = 0;               // that process
  std::int64_t grace_ms = 0;  // if that process has ended
  SupervisorState* state = nullptr;
};

/// The life of the supervisor. It was forked from a process that may have many threads, so it calls nothing
/// but what is safe in a signal handler (signal-safety(7)): no lock, no memory.
[[noreturn]] void run_supervisor(SupervisorPlan plan) noexcept;

}  // namespace portend::os
