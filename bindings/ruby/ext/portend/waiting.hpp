// SPDX-License-Identifier: MIT
// Waits of a Ruby thread. Ruby may run a trap handler, Thread#raise, Thread#kill or the end of the program in
// a waiting thread. Each may end in a longjmp, which must not cross the library. So the interrupt hook only
// ends the call. Then Ruby runs its handlers, and the call is resumed.
#pragma once

#ifdef PORTEND_AMALGAMATION
#include "portend.h"
#else
#include <portend/portend.h>
#endif
#include <ruby.h>
#include <ruby/thread.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace portend_ruby {

/// The thread whose wait the interrupt hook may end; Qnil if there is none.
inline thread_local VALUE waiting = Qnil;

/// Whether the hook has ended the wait.
inline thread_local bool interrupted = false;

inline int interrupt_hook(void*) {
  if (NIL_P(waiting) || !rb_thread_interrupted(waiting)) return 0;
  interrupted = true;
  return 1;
}

/// Calls `body` without Ruby's lock. If Ruby needs the thread, it wakes the thread by signals. Returns false,
/// without calling `body`, if Ruby needs the thread already.
template <class Body>
bool unlocked(Body body) {
  const auto call = [](void* given) -> void* {
    (*static_cast<Body*>(given))();
    return given;
  };
  return rb_nogvl(call, &body, RUBY_UBF_IO, nullptr, RB_NOGVL_INTR_FAIL) != nullptr;
}

/// Makes a call that may take a while, and that cannot be interrupted.
template <class Body>
void without_lock(Body body) {
  while (!unlocked(body)) rb_thread_check_ints();
}

/// Lets Ruby run its handlers. Returns the tag of what they raised, for rb_jump_tag; 0 if they raised
/// nothing.
inline int run_handlers() {
  const auto check = [](VALUE) {
    rb_thread_check_ints();
    return Qnil;
  };
  int raised = 0;
  rb_protect(check, Qnil, &raised);
  return raised;
}

/// Makes the call `first`, and continues it by `again` after each interruption. Calls `give_up` if the call
/// is not continued.
template <class First, class Again, class GiveUp>
portend_status interruptible(First first, Again again, GiveUp give_up) {
  bool begun = false;
  for (;;) {
    portend_status status = PORTEND_ERR_CANCELED;
    const VALUE self = rb_thread_current();
    const bool called = unlocked([&] {
      waiting = self;
      interrupted = false;
      status = begun ? again() : first();
      waiting = Qnil;
    });
    if (called && (status != PORTEND_ERR_CANCELED || !interrupted)) return status;
    begun = begun || called;
    if (const int raised = run_handlers()) {
      give_up();
      rb_jump_tag(raised);
    }
  }
}

/// A change of the waiter abandons its interrupted call.
inline void forget_interrupted(portend_waiter* waiter) {
  portend_waiter_set_interrupt(waiter, interrupt_hook, nullptr);
}

template <class First>
portend_status resumable(portend_waiter* waiter, First first) {
  return interruptible(
      first, [=] { return portend_waiter_resume(waiter); }, [=] { forget_interrupted(waiter); });
}

inline portend_status run(portend_waiter* waiter, portend_mode mode, std::int64_t timeout_ms) {
  return resumable(waiter, [=] { return portend_waiter_run(waiter, mode, timeout_ms); });
}

inline portend_status probe(portend_waiter* waiter, std::int64_t limit_ms) {
  return resumable(waiter, [=] { return portend_waiter_probe(waiter, limit_ms); });
}

inline portend_status assert_free(portend_waiter* waiter, std::int64_t limit_ms) {
  return resumable(waiter, [=] { return portend_waiter_assert_free(waiter, limit_ms); });
}

/// The remaining milliseconds of a timeout.
class TimeLeft {
 public:
  explicit TimeLeft(std::int64_t timeout_ms) : timeout_ms_(timeout_ms), began_(Clock::now()) {}

  [[nodiscard]] std::int64_t ms() const {
    if (timeout_ms_ <= 0) return timeout_ms_;
    const auto gone = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - began_);
    return std::max<std::int64_t>(timeout_ms_ - gone.count(), 0);
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::int64_t timeout_ms_;
  Clock::time_point began_;
};

/// To continue an interrupted portend_waiter_next, calls it again.
inline portend_status next(portend_waiter* waiter, std::int64_t timeout_ms, portend_event* event) {
  const TimeLeft left(timeout_ms);
  const auto call = [&] { return portend_waiter_next(waiter, left.ms(), event); };
  return interruptible(call, call, [=] { forget_interrupted(waiter); });
}

/// Does the same for portend_server_wait_ready, which needs no cleanup.
inline portend_status wait_ready(portend_server* server, std::int64_t timeout_ms) {
  const TimeLeft left(timeout_ms);
  const auto call = [&] { return portend_server_wait_ready(server, left.ms()); };
  return interruptible(call, call, [] {});
}

}  // namespace portend_ruby
