// SPDX-License-Identifier: MIT
// Waits that run to their end, are watched, or run in a foreign event loop.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "capi/arguments.hpp"
#include "capi/convert.hpp"
#include "capi/outcome.hpp"
#include "capi/waiter.hpp"
#include "portend/watch.h"

using namespace portend;

namespace {

void require_goals(const portend_waiter& waiter) {
  capi::require_targets(waiter);
  if (!waiter.waiter.table().has_goals()) {
    throw std::invalid_argument("All targets are only watched: add one with a wanted state to wait for.");
  }
}

void require_no_group(const portend_waiter& waiter) {
  if (waiter.waiter.in_group()) {
    throw std::invalid_argument("The wait is in a group: the group runs it.");
  }
}

/// Records that an interrupted call can be resumed, and returns the status.
portend_status finish(portend_waiter& waiter, portend_waiter::Call call, wait::Outcome outcome) {
  const bool interrupted = outcome == wait::Outcome::interrupted;
  waiter.interrupted = interrupted ? call : portend_waiter::Call::none;
  switch (call) {
    case portend_waiter::Call::probe:
      return capi::to_probe_status(waiter.waiter, outcome);
    case portend_waiter::Call::assert_free:
      return interrupted ? capi::to_status(waiter.waiter, outcome)
                         : capi::to_assert_free_status(waiter.waiter, outcome);
    case portend_waiter::Call::run:
    case portend_waiter::Call::none:
      break;
  }
  return capi::to_status(waiter.waiter, outcome);
}

portend_status probe_once(portend_waiter* waiter, portend_waiter::Call call, std::int64_t limit_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    const auto limit = capi::attempt_limit_argument(limit_ms);
    capi::require_targets(self);
    require_no_group(self);
    return finish(self, call, self.waiter.probe(limit));
  });
}

portend_event event_of(const wait::Event& event) {
  using std::chrono::nanoseconds;
  portend_event result{};
  result.target = static_cast<int>(event.target);
  result.state = capi::public_state(event.state);
  result.reason = capi::public_reason(event.reason);
  result.error = event.error;
  result.monotonic_ns = nanoseconds(event.at.time_since_epoch()).count();
  result.realtime_ns = nanoseconds(event.calendar.time_since_epoch()).count();
  const auto address = event.decided_by ? os::ip_to_text(*event.decided_by) : std::string();
  std::strncpy(result.address, address.c_str(), sizeof result.address - 1);
  return result;
}

bool take_event(portend_waiter& waiter, portend_event& event_out) {
  const auto event = waiter.waiter.take_event();
  if (event) event_out = event_of(*event);
  return event.has_value();
}

/// The status of a wait that another loop runs, if there is no event.
portend_status status_in_loop(portend_waiter& waiter) {
  if (!waiter.waiter.table().has_open_targets()) return PORTEND_DONE;
  return capi::fail(PORTEND_ERR_TIMEOUT, "No change before the deadline.");
}

}  // namespace

namespace portend::capi {

void require_targets(const portend_waiter& waiter) {
  if (waiter.waiter.table().targets().empty()) {
    throw std::invalid_argument("There is no target: add one first.");
  }
}

wait::Mode mode_argument(portend_mode mode) {
  switch (mode) {
    case PORTEND_ALL:
      return wait::Mode::all;
    case PORTEND_ANY:
      return wait::Mode::any;
    default:
      throw std::invalid_argument("A mode of " + std::to_string(mode) + ": it must be all or any.");
  }
}

std::optional<wait::Mode> loop_mode(const portend_waiter& waiter, portend_mode mode) {
  const auto which = mode_argument(mode);
  return waiter.waiter.table().has_goals() ? std::optional(which) : std::nullopt;
}

}  // namespace portend::capi

portend_status portend_waiter_run(portend_waiter* waiter, portend_mode mode, int64_t timeout_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    const auto which = capi::mode_argument(mode);
    capi::timeout_argument(timeout_ms);
    require_goals(self);
    require_no_group(self);
    return finish(self, portend_waiter::Call::run, self.waiter.run(which, timeout_ms));
  });
}

portend_status portend_waiter_probe(portend_waiter* waiter, int64_t attempt_limit_ms) noexcept {
  return probe_once(waiter, portend_waiter::Call::probe, attempt_limit_ms);
}

portend_status portend_waiter_assert_free(portend_waiter* waiter, int64_t attempt_limit_ms) noexcept {
  return probe_once(waiter, portend_waiter::Call::assert_free, attempt_limit_ms);
}

portend_status portend_waiter_resume(portend_waiter* waiter) noexcept {
  return capi::with_handle(waiter, [](portend_waiter& self) {
    if (self.interrupted == portend_waiter::Call::none || !self.waiter.is_interrupted()) {
      throw std::invalid_argument("No call was interrupted: there is nothing to resume.");
    }
    return finish(self, self.interrupted, self.waiter.resume());
  });
}

portend_status portend_waiter_next(portend_waiter* waiter, int64_t timeout_ms,
                                   portend_event* event_out) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    capi::require(event_out, "The out-parameter for the event");
    const auto deadline = os::deadline(os::Clock::now(), capi::timeout_argument(timeout_ms));
    capi::require_targets(self);
    if (take_event(self, *event_out)) return PORTEND_OK;
    if (self.waiter.in_group() || self.waiter.in_loop()) return status_in_loop(self);
    if (!self.waiter.table().has_open_targets()) {
      self.waiter.end();
      return PORTEND_DONE;
    }
    const auto outcome = self.waiter.run_until_event(deadline);
    if (take_event(self, *event_out)) return PORTEND_OK;
    if (outcome != wait::Outcome::pending) return capi::to_status(self.waiter, outcome);
    return capi::fail(PORTEND_ERR_TIMEOUT, "No change before the deadline.");
  });
}

portend_status portend_waiter_start(portend_waiter* waiter, portend_mode mode, int64_t timeout_ms) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    const auto which = capi::loop_mode(self, mode);
    capi::timeout_argument(timeout_ms);
    capi::require_targets(self);
    require_no_group(self);
    if (!os::Poller::has_descriptor()) {
      return capi::fail(PORTEND_ERR_UNSUPPORTED,
                        "This platform has no pollable descriptor: run the wait in a thread.");
    }
    self.waiter.start(which, timeout_ms);
    return PORTEND_OK;
  });
}

portend_status portend_waiter_fd(portend_waiter* waiter, int* fd_out) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    capi::require(fd_out, "The out-parameter for the descriptor");
    if (!self.waiter.in_loop()) {
      throw std::invalid_argument("No wait was started: start one first.");
    }
    *fd_out = self.waiter.descriptor();
    return PORTEND_OK;
  });
}

portend_status portend_waiter_process(portend_waiter* waiter) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) -> portend_status {
    if (!self.waiter.under_way()) {
      throw std::invalid_argument("No wait is under way: start one first.");
    }
    return capi::to_status(self.waiter, self.waiter.process());
  });
}
