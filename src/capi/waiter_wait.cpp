// SPDX-License-Identifier: MIT
// A wait under way: run to its end, watched, or driven by a foreign event loop.
#include <algorithm>
#include <cstring>

#include "capi/arguments.hpp"
#include "capi/convert.hpp"
#include "capi/outcome.hpp"
#include "capi/waiter.hpp"
#include "portend/watch.h"

using namespace portend;
using namespace std::chrono_literals;

namespace {

/// Half of what is promised: a signal that comes between two sleeps interrupts neither.
constexpr os::Duration hook_period = 50ms;

wait::Mode mode_argument(portend_mode mode) {
  switch (mode) {
    case PORTEND_ALL:
      return wait::Mode::all;
    case PORTEND_ANY:
      return wait::Mode::any;
    default:
      throw std::invalid_argument("A mode of " + std::to_string(mode) +
                                  ": it must be PORTEND_ALL or PORTEND_ANY.");
  }
}

/// When the interrupt hook is to be asked next.
class Interruption {
 public:
  explicit Interruption(const portend_waiter& waiter) : waiter_(waiter) {}

  /// Throws where the hook wants the wait to end.
  void check(wait::Woken woken) {
    if (waiter_.hook == nullptr) return;
    const auto now = os::Clock::now();
    if (woken == wait::Woken::in_time && now < next_) return;
    next_ = now + hook_period;
    if (waiter_.hook(waiter_.hook_context) != 0) {
      throw capi::Failure(PORTEND_ERR_CANCELED, "The wait was interrupted.");
    }
  }

  [[nodiscard]] os::Instant next() const { return waiter_.hook == nullptr ? os::never : next_; }

 private:
  const portend_waiter& waiter_;
  os::Instant next_;
};

/// Ends the wait, whichever way the scope is left.
class Ending {
 public:
  explicit Ending(portend_waiter& waiter) : waiter_(waiter) {}
  ~Ending() {
    if (!waiter_.engine.under_way() || spared_) return;
    const std::lock_guard lock(waiter_.mutex);
    waiter_.engine.end();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  void spare() { spared_ = true; }

 private:
  portend_waiter& waiter_;
  bool spared_ = false;
};

/// Another limit of an attempt, until the scope is left.
class OtherAttemptLimit {
 public:
  OtherAttemptLimit(portend_waiter& waiter, std::optional<os::Duration> limit)
      : limit_(waiter.engine.settings().attempt_limit), usual_(limit_) {
    limit_ = limit.value_or(usual_);
  }
  ~OtherAttemptLimit() { limit_ = usual_; }
  OtherAttemptLimit(const OtherAttemptLimit&) = delete;
  OtherAttemptLimit& operator=(const OtherAttemptLimit&) = delete;

 private:
  os::Duration& limit_;
  const os::Duration usual_;
};

void begin_wait(portend_waiter& waiter, std::optional<wait::Mode> mode, std::int64_t timeout_ms) {
  const std::lock_guard lock(waiter.mutex);
  waiter.engine.begin(mode, timeout_ms);
}

wait::Outcome step(portend_waiter& waiter) {
  const std::lock_guard lock(waiter.mutex);
  return waiter.engine.step();
}

portend_status conclude(portend_waiter& waiter, wait::Outcome outcome) {
  const std::lock_guard lock(waiter.mutex);
  return capi::conclude(waiter.engine, outcome);
}

portend_event event_of(const wait::Event& event) {
  using std::chrono::nanoseconds;
  portend_event result{};
  result.target = static_cast<int>(event.target);
  result.state = capi::public_state(event.state);
  result.reason = capi::public_reason(event.reason);
  result.monotonic_ns = nanoseconds(event.at.time_since_epoch()).count();
  result.realtime_ns = nanoseconds(event.calendar.time_since_epoch()).count();
  const auto address = event.decided_by ? os::ip_to_text(*event.decided_by) : std::string();
  std::strncpy(result.address, address.c_str(), sizeof result.address - 1);
  return result;
}

bool take_event(portend_waiter& waiter, portend_event& event_out) {
  const std::lock_guard lock(waiter.mutex);
  auto& events = waiter.engine.events();
  if (events.empty()) return false;
  event_out = event_of(events.front());
  events.pop();
  return true;
}

void require_targets(const portend_waiter& waiter) {
  if (waiter.engine.board().targets().empty()) {
    throw std::invalid_argument("There is no target: add one by portend_waiter_add first.");
  }
}

void require_goals(const portend_waiter& waiter) {
  require_targets(waiter);
  if (!waiter.engine.board().has_goals()) {
    throw std::invalid_argument("All targets are only watched: there is nothing to wait for.");
  }
}

/// Begins a wait and brings it to its end.
wait::Outcome wait_for(portend_waiter& waiter, std::optional<wait::Mode> mode, std::int64_t timeout_ms) {
  begin_wait(waiter, mode, timeout_ms);
  Interruption interruption(waiter);
  auto woken = wait::Woken::in_time;
  for (;;) {
    interruption.check(woken);
    const auto outcome = step(waiter);
    if (outcome != wait::Outcome::pending) return outcome;
    woken = waiter.engine.sleep(interruption.next());
  }
}

}  // namespace

portend_status portend_waiter_run(portend_waiter* waiter, portend_mode mode, int64_t timeout_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    const auto which = mode_argument(mode);
    capi::timeout_argument(timeout_ms);
    require_goals(self);
    const Ending ending(self);
    return conclude(self, wait_for(self, which, timeout_ms));
  });
}

portend_status portend_waiter_assert_free(portend_waiter* waiter, int64_t timeout_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    const auto limit = capi::attempt_limit_argument(timeout_ms);
    require_targets(self);
    const OtherAttemptLimit other(self, limit);
    const Ending ending(self);
    const auto outcome = wait_for(self, {}, 0);
    const std::lock_guard lock(self.mutex);
    return capi::conclude_look(self.engine, outcome);
  });
}

portend_status portend_waiter_next(portend_waiter* waiter, int64_t timeout_ms,
                                   portend_event* event_out) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    capi::require(event_out, "The room for the event");
    const auto deadline = os::deadline(os::Clock::now(), capi::timeout_argument(timeout_ms));
    require_targets(self);
    if (take_event(self, *event_out)) return PORTEND_OK;
    Ending ending(self);
    if (!self.engine.board().has_open_targets()) {
      if (!self.engine.is_watch()) ending.spare();
      throw std::invalid_argument("All targets have reached their states: nothing is left to come.");
    }
    if (!self.engine.under_way()) begin_wait(self, {}, PORTEND_FOREVER);
    Interruption interruption(self);
    auto woken = wait::Woken::in_time;
    for (;;) {
      interruption.check(woken);
      const auto outcome = step(self);
      if (take_event(self, *event_out)) {
        ending.spare();
        return PORTEND_OK;
      }
      if (outcome != wait::Outcome::pending) return conclude(self, outcome);
      if (os::Clock::now() >= deadline) {
        ending.spare();
        return capi::fail(PORTEND_ERR_TIMEOUT, "No change in time.");
      }
      woken = self.engine.sleep(std::min(deadline, interruption.next()));
    }
  });
}

portend_status portend_waiter_start(portend_waiter* waiter, portend_mode mode, int64_t timeout_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    const auto which = mode_argument(mode);
    capi::timeout_argument(timeout_ms);
    require_targets(self);
    const bool ends = self.engine.board().has_goals();
    Ending ending(self);
    if (!self.engine.has_descriptor()) {
      return capi::fail(PORTEND_ERR_UNSUPPORTED,
                        "This system has no descriptor that stands for many: run the wait in a thread.");
    }
    begin_wait(self, ends ? std::optional(which) : std::nullopt, timeout_ms);
    ending.spare();
    return PORTEND_OK;
  });
}

portend_status portend_waiter_fd(portend_waiter* waiter, int* fd_out) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    capi::require(fd_out, "The room for the descriptor");
    if (!self.engine.under_way()) throw std::invalid_argument("No wait was begun.");
    Ending ending(self);
    *fd_out = self.engine.descriptor();
    ending.spare();
    return PORTEND_OK;
  });
}

portend_status portend_waiter_process(portend_waiter* waiter) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    if (!self.engine.under_way()) throw std::invalid_argument("No wait was begun.");
    Ending ending(self);
    Interruption(self).check(wait::Woken::by_signal);
    self.engine.wake();
    const auto status = conclude(self, step(self));
    if (status != PORTEND_PENDING) return status;
    self.engine.descriptor();
    ending.spare();
    return status;
  });
}
