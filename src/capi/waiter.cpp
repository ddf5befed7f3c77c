// SPDX-License-Identifier: MIT
#include "capi/waiter.hpp"

#include <functional>

#include "capi/arguments.hpp"
#include "portend/watch.h"

using namespace portend;

namespace {

constexpr std::int64_t longest_interval_us = 3'600'000'000;
constexpr std::int64_t longest_attempt_ms = 3'600'000;

wait::Goal goal_argument(portend_state wanted) {
  switch (wanted) {
    case PORTEND_STATE_OCCUPIED:
      return wait::Goal::occupied;
    case PORTEND_STATE_FREE:
      return wait::Goal::free;
    default:
      throw std::invalid_argument("A wanted state of " + std::to_string(wanted) +
                                  ": it must be PORTEND_STATE_OCCUPIED or PORTEND_STATE_FREE.");
  }
}

/// Changes the waiter, which no wait may be using.
template <class Body>
portend_status change(portend_waiter* waiter, Body&& body) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    if (self.engine.under_way()) {
      throw std::invalid_argument("A wait is under way: end it by portend_waiter_reset first.");
    }
    const std::lock_guard lock(self.mutex);
    body(self);
    return PORTEND_OK;
  });
}

portend_status add(portend_waiter* waiter, const char* host, int port, int* index_out,
                   const std::function<wait::Goal()>& goal) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    const auto wanted = goal();
    const auto id = self.engine.add(capi::host_argument(host), capi::port_argument(port), wanted);
    if (index_out != nullptr) *index_out = static_cast<int>(id);
  });
}

}  // namespace

portend_status portend_waiter_create(portend_waiter** waiter_out) noexcept {
  return capi::guard([&] {
    capi::require(waiter_out, "The room for the waiter");
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
  return change(waiter, [&](portend_waiter& self) {
    const auto check = [](std::int64_t value, const char* name) {
      return value == 0 ? 0 : capi::in_range(value, 50, longest_interval_us, name);
    };
    const auto shortest = check(shortest_us, "A shortest interval in microseconds");
    const auto longest = check(longest_us, "A longest interval in microseconds");
    if (longest != 0 && shortest > longest) {
      throw std::invalid_argument("The shortest interval is above the longest.");
    }
    self.engine.settings().shortest = std::chrono::microseconds(shortest);
    self.engine.settings().longest = std::chrono::microseconds(longest);
  });
}

portend_status portend_waiter_set_attempt_limit(portend_waiter* waiter, int64_t limit_ms) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    self.engine.settings().attempt_limit = std::chrono::milliseconds(
        capi::in_range(limit_ms, 1, longest_attempt_ms, "An attempt limit in milliseconds"));
  });
}

portend_status portend_waiter_set_family(portend_waiter* waiter, portend_family family) noexcept {
  return change(waiter,
                [&](portend_waiter& self) { self.engine.settings().family = capi::family_argument(family); });
}

portend_status portend_waiter_set_name_retry(portend_waiter* waiter, int enabled) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    self.engine.settings().retry_names = capi::flag_argument(enabled);
  });
}

portend_status portend_waiter_set_process(portend_waiter* waiter, int64_t pid) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    self.engine.settings().process = capi::in_range(pid, 0, INT32_MAX, "A process id");
  });
}

portend_status portend_waiter_set_interrupt(portend_waiter* waiter, portend_interrupt_hook hook,
                                            void* context) noexcept {
  return change(waiter, [&](portend_waiter& self) {
    self.hook = hook;
    self.hook_context = context;
  });
}

void portend_waiter_cancel(portend_waiter* waiter) noexcept {
  if (waiter != nullptr) waiter->engine.cancel();
}

portend_status portend_waiter_reset(portend_waiter* waiter) noexcept {
  return capi::with_handle(waiter, [](portend_waiter& self) {
    const std::lock_guard lock(self.mutex);
    self.engine.reset();
    return PORTEND_OK;
  });
}
