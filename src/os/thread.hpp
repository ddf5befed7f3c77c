// SPDX-License-Identifier: MIT
// Threads of the library's own, and what a host's thread must be spared.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace portend::os {

/// Runs `work` in a thread of its own that takes no signals and ends by itself. What `work`
/// throws ends the process: it must not throw.
void run_detached(std::function<void()> work);

/// While it lives, pthread_cancel of this thread waits: an unwinding by cancellation would
/// not pass the door of the library.
class CancelShield {
 public:
  CancelShield() noexcept;
  ~CancelShield();
  CancelShield(const CancelShield&) = delete;
  CancelShield& operator=(const CancelShield&) = delete;

 private:
  int before_ = 0;
};

/// What a thread keeps of its own until it ends. Unlike with thread_local, that there is no
/// memory for it is a failure and not the end of the process.
class ThreadLocalState {
 public:
  ThreadLocalState() = default;
  ThreadLocalState(const ThreadLocalState&) = delete;
  ThreadLocalState& operator=(const ThreadLocalState&) = delete;
  virtual ~ThreadLocalState() = default;
};

/// What the calling thread keeps; nullptr if nothing.
ThreadLocalState* thread_local_state() noexcept;

/// Throws std::bad_alloc where there is no room.
void set_thread_local_state(std::unique_ptr<ThreadLocalState> what);

/// How many descriptors this process may have open at a time.
std::size_t descriptor_limit();

}  // namespace portend::os
