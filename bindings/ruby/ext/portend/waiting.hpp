// SPDX-License-Identifier: MIT
// Waits of a Ruby thread. What Ruby wants of a thread that waits (a trap handler, Thread#raise,
// Thread#kill, the end of the program) may end in a longjmp, which must not go through the library. So
// nothing here calls Ruby from inside of it: a wait is left as it is, and goes on after Ruby had its turn.
#pragma once

#include <poll.h>
#include <portend/portend.h>
#include <ruby.h>
#include <ruby/thread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace portend_ruby {

/// How soon a wait notices that Ruby wants its thread, if no signal tells.
constexpr int tick_ms = 20;

using Flag = std::atomic<bool>;

/// What ends the call of this thread that cannot be left as it is.
inline thread_local Flag* stop = nullptr;

/// The thread of that call.
inline thread_local VALUE stopped = Qnil;

/// How often the library has asked since a call began: first at once, and then when a signal came.
inline thread_local int asked = 0;

inline int interrupt_hook(void*) {
  ++asked;
  if (stop == nullptr) return 0;
  if (rb_thread_interrupted(stopped)) *stop = true;
  return *stop ? 1 : 0;
}

/// Calls `body` without Ruby's lock; `wanted` becomes true when Ruby wants the thread. False where Ruby
/// wants it already, and nothing was called.
template <class Body>
bool unlocked(Body body, Flag& wanted) {
  wanted = false;
  const auto call = [](void* given) -> void* {
    (*static_cast<Body*>(given))();
    return given;
  };
  const auto want = [](void* flag) { static_cast<Flag*>(flag)->store(true); };
  return rb_nogvl(call, &body, want, &wanted, RB_NOGVL_INTR_FAIL | RB_NOGVL_UBF_ASYNC_SAFE) != nullptr;
}

/// A call that may take a while, and that nothing ends.
template <class Body>
void without_lock(Body body) {
  Flag wanted;
  while (!unlocked(body, wanted)) rb_thread_check_ints();
}

/// Does what Ruby wants of the thread, and tells what it raised, for rb_jump_tag.
inline int turn_of_ruby() {
  const auto check = [](VALUE) {
    rb_thread_check_ints();
    return Qnil;
  };
  int raised = 0;
  rb_protect(check, Qnil, &raised);
  return raised;
}

/// Calls `step` until it says that it is done, or until Ruby raises. It is told how long it may sleep,
/// in milliseconds, and tells by the flag that a signal woke it: Ruby wants a call to return then, and
/// does not always call what unblocks it. However often Ruby wants the thread, there is a step between.
template <class Step>
int repeat(Step step) {
  Flag wanted;
  for (;;) {
    bool done = false;
    const auto steps = [&] {
      do {
        done = step(wanted ? 0 : tick_ms, wanted);
      } while (!done && !wanted);
    };
    if (!unlocked(steps, wanted)) done = step(0, wanted);
    if (done) return 0;
    if (const int raised = turn_of_ruby()) return raised;
  }
}

/// The milliseconds that are left of a timeout.
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

/// `call` with a timeout that is above 0 or for ever. It cannot be left as it is: after an interruption
/// it begins anew, with the time that is left.
template <class Call>
portend_status anew(Call call, std::int64_t timeout_ms) {
  const TimeLeft left(timeout_ms);
  Flag wanted;
  stopped = rb_thread_current();
  for (;;) {
    portend_status status = PORTEND_ERR_CANCELED;
    const bool called = unlocked(
        [&] {
          stop = &wanted;
          status = call(timeout_ms > 0 ? std::max<std::int64_t>(left.ms(), 1) : timeout_ms);
          stop = nullptr;
        },
        wanted);
    if (called && (status != PORTEND_ERR_CANCELED || !wanted)) return status;
    rb_thread_check_ints();
  }
}

/// Ends a wait that is under way, and keeps what is known of its targets.
inline void abandon(portend_waiter* waiter) {
  Flag now(true);
  stop = &now;
  stopped = rb_thread_current();
  portend_waiter_process(waiter);
  stop = nullptr;
}

inline portend_status run(portend_waiter* waiter, portend_mode mode, std::int64_t timeout_ms) {
  portend_status status = PORTEND_PENDING;
  bool begun = false;
  int fd = -1;
  const auto begin = [&] {
    status = portend_waiter_start(waiter, mode, timeout_ms);
    begun = status == PORTEND_OK;
    return begun;
  };
  const auto is_due = [&](int sleep_ms, Flag& woken) {
    pollfd waited = {fd, POLLIN, 0};
    const int ready = fd < 0 ? 1 : poll(&waited, 1, sleep_ms);
    if (ready < 0) woken = true;
    return ready > 0;
  };
  const int raised = repeat([&](int sleep_ms, Flag& woken) {
    if (!begun && !begin()) return true;
    if (status == PORTEND_PENDING && !is_due(sleep_ms, woken)) return false;
    status = portend_waiter_process(waiter);
    if (status == PORTEND_PENDING && fd < 0) portend_waiter_fd(waiter, &fd);
    return status != PORTEND_PENDING;
  });
  if (raised != 0) {
    if (begun) abandon(waiter);
    rb_jump_tag(raised);
  }
  if (status != PORTEND_ERR_UNSUPPORTED) return status;
  return anew([&](std::int64_t ms) { return portend_waiter_run(waiter, mode, ms); }, timeout_ms);
}

inline portend_status assert_free(portend_waiter* waiter, std::int64_t timeout_ms) {
  return anew([&](std::int64_t ms) { return portend_waiter_assert_free(waiter, ms); }, timeout_ms);
}

inline portend_status next(portend_waiter* waiter, std::int64_t timeout_ms, portend_event* event) {
  const TimeLeft left(timeout_ms);
  portend_status status = PORTEND_ERR_TIMEOUT;
  const int raised = repeat([&](int sleep_ms, Flag& woken) {
    const auto ms = left.ms();
    const auto tick = ms == PORTEND_FOREVER ? sleep_ms : std::min<std::int64_t>(ms, sleep_ms);
    asked = 0;
    status = portend_waiter_next(waiter, tick, event);
    if (asked > 1) woken = true;
    return status != PORTEND_ERR_TIMEOUT || tick == ms;
  });
  if (raised != 0) rb_jump_tag(raised);
  return status;
}

}  // namespace portend_ruby
