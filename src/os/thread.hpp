// SPDX-License-Identifier: MIT
// Threads of the library, and protection of the host's threads.
#pragma once

#include <cstddef>
#include <functional>

namespace portend::os {

/// Runs `work` in its own thread, which receives no signals. `work` must not throw: an exception ends the
/// process.
void run_detached(std::function<void()> work);

/// Delays pthread_cancel of this thread until its destruction. An unwinding by cancellation cannot pass the
/// API boundary.
class CancelShield {
 public:
  CancelShield() noexcept;
  ~CancelShield();
  CancelShield(const CancelShield&) = delete;
  CancelShield& operator=(const CancelShield&) = delete;

 private:
  int before_ = 0;
};

/// What the calling thread keeps until it ends; nullptr if nothing. Unlike with thread_local, a lack of
/// memory for it is an error and does not end the process.
void* thread_local_state() noexcept;

/// `destroy` is called when the thread ends, and is the same function in all calls. Throws std::bad_alloc if
/// there is no memory; then the caller still owns the state.
void set_thread_local_state(void* state, void (*destroy)(void*));

/// The limit on open descriptors of this process.
std::size_t descriptor_limit();

}  // namespace portend::os
