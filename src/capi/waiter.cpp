// SPDX-License-Identifier: MIT
#include "capi/waiter.hpp"

#include <functional>

#include "capi/arguments.hpp"
#include "portend/watch.h"

using namespace portend;

namespace {

constexpr std::int64_t longest_interval_us = 3'600'000'000;
constexpr std::int64_t longest_limit_ms = 3'600'000;

wait::Goal goal_argument(portend_state wanted) {
  switch (wanted) {
    case PORTEND_STATE_OCCUPIED:
      return wait::Goal::occupied;
    case PORTEND_STATE_FREE:
      return wait::Goal::free;
    case PORTEND_STATE_BINDABLE:
      return wait::Goal::bindable;
    case PORTEND_STATE_DRAINED:
      return wait::Goal::drained;
    default:
      throw std::invalid_argument("A wanted state of " + std::to_string(wanted) +
                                  ": it must be occupied, free, bindable or drained.");
  }
}

wait::Evidence evidence_argument(portend_evidence evidence) {
  switch (evidence) {
    case PORTEND_EVIDENCE_AUTO:
      return wait::Evidence::automatic;
    case PORTEND_EVIDENCE_CONNECTION:
      return wait::Evidence::connection;
    case PORTEND_EVIDENCE_TABLE:
      return wait::Evidence::table;
    default:
      throw std::invalid_argument("An evidence of " + std::to_string(evidence) +
                                  ": it must be auto, connection or table.");
  }
}

std::int64_t pid_argument(std::int64_t pid) { return capi::in_range(pid, 0, INT32_MAX, "A process id"); }

/// Changes the waiter. Fails while a wait is under way.
template <class Body>
portend_status change(portend_waiter* waiter, Body&& body) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    if (self.waiter.is_interrupted()) self.waiter.end();  // the interrupted wait is abandoned
    if (self.waiter.under_way()) {
      throw std::invalid_argument("A wait is under way: reset the waiter first.");
    }
    body(self);
    return PORTEND_OK;
  });
}

/// Changes an option.
template <class Body>
portend_status set(portend_waiter* waiter, Body&& body) noexcept {
  return change(waiter, [&](portend_waiter& self) { body(self.waiter.settings()); });
}

portend_status add(portend_waiter* waiter, const char* host, int port, int* index_out,
                   const std::function<wait::Goal()>& goal) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    const auto wanted = goal();
    const auto id = self.waiter.add(capi::host_argument(host), capi::port_argument(port), wanted);
    if (index_out != nullptr) *index_out = static_cast<int>(id);
  });
}

}  // namespace

portend_status portend_waiter_create(portend_waiter** waiter_out) noexcept {
  return capi::guard([&] {
    capi::require(waiter_out, "The out-parameter for the waiter");
    *waiter_out = new portend_waiter;
    return PORTEND_OK;
  });
}

void portend_waiter_destroy(portend_waiter* waiter) noexcept {
  const os::CancelShield shield;
  delete waiter;
}

portend_status portend_waiter_add(portend_waiter* waiter, const char* host, int port, portend_state wanted,
                                  int* index_out) noexcept {
  return add(waiter, host, port, index_out, [&] { return goal_argument(wanted); });
}

portend_status portend_waiter_watch(portend_waiter* waiter, const char* host, int port,
                                    int* index_out) noexcept {
  return add(waiter, host, port, index_out, [] { return wait::Goal::watch; });
}

portend_status portend_waiter_set_interval(portend_waiter* waiter, int64_t shortest_us,
                                           int64_t longest_us) noexcept {
  return set(waiter, [&](wait::Settings& settings) {
    const auto check = [](std::int64_t value, const char* name) {
      return value == 0 ? 0 : capi::in_range(value, 50, longest_interval_us, name);
    };
    const auto shortest = check(shortest_us, "A shortest interval in microseconds");
    const auto longest = check(longest_us, "A longest interval in microseconds");
    if (longest != 0 && shortest > longest) {
      throw std::invalid_argument("The shortest interval is above the longest.");
    }
    settings.shortest = std::chrono::microseconds(shortest);
    settings.longest = std::chrono::microseconds(longest);
  });
}

portend_status portend_waiter_set_attempt_limit(portend_waiter* waiter, int64_t limit_ms) noexcept {
  return set(waiter, [&](wait::Settings& settings) {
    settings.attempt_limit = std::chrono::milliseconds(
        capi::in_range(limit_ms, 1, longest_limit_ms, "An attempt limit in milliseconds"));
  });
}

portend_status portend_waiter_set_family(portend_waiter* waiter, portend_family family) noexcept {
  return set(waiter, [&](wait::Settings& settings) { settings.family = capi::family_argument(family); });
}

portend_status portend_waiter_set_name_retry(portend_waiter* waiter, int enabled) noexcept {
  return set(waiter, [&](wait::Settings& settings) { settings.retry_names = capi::flag_argument(enabled); });
}

portend_status portend_waiter_set_pid(portend_waiter* waiter, int64_t pid) noexcept {
  return set(waiter, [&](wait::Settings& settings) { settings.process = pid_argument(pid); });
}

portend_status portend_waiter_set_owner(portend_waiter* waiter, int64_t pid) noexcept {
  return set(waiter, [&](wait::Settings& settings) { settings.owner = pid_argument(pid); });
}

portend_status portend_waiter_set_evidence(portend_waiter* waiter, portend_evidence evidence) noexcept {
  return set(waiter, [&](wait::Settings& settings) { settings.evidence = evidence_argument(evidence); });
}

portend_status portend_waiter_set_stable(portend_waiter* waiter, int64_t duration_ms) noexcept {
  return set(waiter, [&](wait::Settings& settings) {
    settings.stable = std::chrono::milliseconds(
        capi::in_range(duration_ms, 0, longest_limit_ms, "A stable duration in milliseconds"));
  });
}

portend_status portend_waiter_set_interrupt(portend_waiter* waiter, portend_interrupt_hook hook,
                                            void* context) noexcept {
  return change(waiter, [&](portend_waiter& self) { self.waiter.set_interrupt({hook, context}); });
}

void portend_waiter_cancel(portend_waiter* waiter) noexcept {
  if (waiter != nullptr && !waiter->is_inherited()) waiter->waiter.cancel();
}

portend_status portend_waiter_reset(portend_waiter* waiter) noexcept {
  return capi::with_handle(waiter, [](portend_waiter& self) {
    self.interrupted = portend_waiter::Call::none;
    self.waiter.reset();
    return PORTEND_OK;
  });
}
