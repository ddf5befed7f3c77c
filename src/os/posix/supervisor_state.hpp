// SPDX-License-Identifier: MIT
// The memory that a supervisor shares with the process that started it. It holds all that the supervisor
// needs, so that the memory of that process can be released.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace portend::os {

struct SupervisorState {
  static constexpr std::size_t tail_size = 8192;

  // Written by the supervisor.
  std::atomic<int> program = 0;  // its process id
  std::atomic<int> failed_step = 0;
  std::atomic<int> error = 0;
  std::atomic<bool> exited = false;  // the program itself
  std::atomic<int> exit_code = 0;
  std::atomic<int> exit_signal = 0;
  std::atomic<bool> ended = false;
  std::atomic<bool> finished = false;  // no process is left
  std::atomic<int> left_behind = 0;
  std::atomic<std::uint64_t> output_size = 0;  // of all that the program wrote
  std::array<char, tail_size> tail{};          // the last bytes of it; byte N stands at N modulo the size

  // Written by the process that started it.
  std::atomic<std::int64_t> grace_ms = 0;
  std::atomic<bool> stopping = false;

  // What is executed. The pointers lead into this memory.
  char** arguments = nullptr;
  char** environment = nullptr;
  char** paths = nullptr;  // to be tried in turn
  const char* directory = nullptr;
  const char* prefix = nullptr;

  // Room for the supervisor, whose stack may be a small one.
  std::array<char, 16384> input{};
  std::array<char, 4096> lines{};
  std::array<int, 256> signaled{};
  std::array<int, 256> children{};
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

}  // namespace portend::os
