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
inline thread_local const Flag* stop = nullptr;

inline int interrupt_hook(void*) { return stop != nullptr && stop->load() ? 1 : 0; }

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
/// in milliseconds. However often Ruby wants the thread, there is a step in between.
template <class Step>
int repeat(Step step) {
  Flag wanted;
  for (;;) {
    bool done = false;
    const auto steps = [&] {
      do done = step(wanted ? 0 : tick_ms);
      while (!done && !wanted);
    };
    if (!unlocked(steps, wanted)) done = step(0);
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
  const Flag now(true);
  stop = &now;
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
  const auto is_due = [&](int sleep_ms) {
    pollfd waited = {fd, POLLIN, 0};
    return fd < 0 || poll(&waited, 1, sleep_ms) > 0;
  };
  const int raised = repeat([&](int sleep_ms) {
    if (!begun && !begin()) return true;
    if (status == PORTEND_PENDING && !is_due(sleep_ms)) return false;
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
  const int raised = repeat([&](int sleep_ms) {
    const auto ms = left.ms();
    const auto tick = ms == PORTEND_FOREVER ? sleep_ms : std::min<std::int64_t>(ms, sleep_ms);
    status = portend_waiter_next(waiter, tick, event);
    return status != PORTEND_ERR_TIMEOUT || tick == ms;
  });
  if (raised != 0) rb_jump_tag(raised);
  return status;
}

}  // namespace portend_ruby
