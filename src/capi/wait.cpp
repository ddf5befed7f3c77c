// SPDX-License-Identifier: MIT
// The simple calls: a wait for one target.
#include "portend/wait.h"

#include "capi/arguments.hpp"
#include "capi/convert.hpp"
#include "capi/guard.hpp"
#include "capi/outcome.hpp"
#include "capi/reusable_waiter.hpp"

using namespace portend;

namespace {

portend_status wait_for(wait::Goal goal, const char* host, int port, std::int64_t timeout_ms) noexcept {
  return capi::guard([&] {
    const capi::ReusableWaiter waiter;
    waiter->add(capi::host_argument(host), capi::port_argument(port), goal);
    return capi::to_status(*waiter, waiter->run(wait::Mode::all, capi::timeout_argument(timeout_ms)));
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
    const capi::ReusableWaiter waiter;
    waiter->add(capi::host_argument(host), capi::port_argument(port), wait::Goal::watch);
    return capi::to_assert_free_status(*waiter, waiter->probe(capi::attempt_limit_argument(timeout_ms)));
  });
}

portend_status portend_probe(const char* host, int port, int64_t attempt_limit_ms,
                             portend_state* state_out) noexcept {
  return capi::guard([&] {
    capi::require(state_out, "The out-parameter for the state");
    const capi::ReusableWaiter waiter;
    waiter->add(capi::host_argument(host), capi::port_argument(port), wait::Goal::watch);
    const auto outcome = waiter->probe(capi::attempt_limit_argument(attempt_limit_ms));
    const auto status = capi::to_probe_status(*waiter, outcome);
    if (status == PORTEND_OK) *state_out = capi::public_state(waiter->table().targets().front().state);
    return status;
  });
}
