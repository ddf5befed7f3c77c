// SPDX-License-Identifier: MIT
// Threads of the library's own, and what a host's thread must be spared.
#pragma once

#include <functional>

namespace portend::os {

/// Runs `work` in a thread of its own that takes no signals and ends by itself. What `work`
/// throws ends the process: it must not throw.
void run_aside(std::function<void()> work);

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

/// How many descriptors this process may have open at a time.
std::size_t descriptor_limit();

}  // namespace portend::os
