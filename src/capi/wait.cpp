// SPDX-License-Identifier: MIT
// The simple calls: a wait for one target, on the stack.
#include "portend/wait.h"

#include "capi/arguments.hpp"
#include "capi/guard.hpp"
#include "capi/messages.hpp"
#include "capi/outcome.hpp"

using namespace portend;

namespace {

wait::Outcome run(wait::Waiter& waiter) {
  for (;;) {
    const auto outcome = waiter.step();
    if (outcome != wait::Outcome::pending) return outcome;
    waiter.sleep();
  }
}

portend_status wait_for(wait::Goal goal, const char* host, int port, std::int64_t timeout_ms) noexcept {
  return capi::guard([&] {
    wait::Waiter waiter;
    waiter.add(capi::host_argument(host), capi::port_argument(port), goal);
    waiter.begin(wait::Mode::all, capi::timeout_argument(timeout_ms));
    return capi::conclude(waiter, run(waiter));
  });
}

}  // namespace

portend_status portend_occupied(const char* host, int port, int64_t timeout_ms) noexcept {
  return wait_for(wait::Goal::occupied, host, port, timeout_ms);
}

portend_status portend_free(const char* host, int port, int64_t timeout_ms) noexcept {
  return wait_for(wait::Goal::free, host, port, timeout_ms);
}

portend_status portend_assert_free(const char* host, int port, int64_t timeout_ms) noexcept {
  return capi::guard([&] {
    wait::Waiter waiter;
    waiter.add(capi::host_argument(host), capi::port_argument(port), wait::Goal::free);
    if (const auto limit = capi::attempt_limit_argument(timeout_ms)) waiter.settings().attempt_limit = *limit;
    waiter.begin({}, 0);
    return capi::conclude_look(waiter, run(waiter));
  });
}
