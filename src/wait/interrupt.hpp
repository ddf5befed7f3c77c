// SPDX-License-Identifier: MIT
// Decides when to ask the caller's hook whether to end a wait.
#pragma once

#include "os/time.hpp"
#include "wait/engine.hpp"

namespace portend::wait {

/// A function of the caller. A result other than 0 ends the wait.
struct Interrupt {
  int (*hook)(void* context) = nullptr;
  void* context = nullptr;
};

/// Asks the hook after a signal, and twice as often as documented. A signal that comes between two sleeps
/// interrupts neither of them.
class InterruptPoll {
 public:
  explicit InterruptPoll(const Interrupt& interrupt) : interrupt_(interrupt) {}

  bool is_requested(WakeReason reason) {
    if (interrupt_.hook == nullptr) return false;
    const auto now = os::Clock::now();
    if (reason == WakeReason::in_time && now < next_) return false;
    next_ = now + period;
    return interrupt_.hook(interrupt_.context) != 0;
  }

  [[nodiscard]] os::Instant next() const { return interrupt_.hook == nullptr ? os::never : next_; }

 private:
  static constexpr os::Duration period = std::chrono::milliseconds(50);

  const Interrupt& interrupt_;
  os::Instant next_{};
};

}  // namespace portend::wait
