// SPDX-License-Identifier: MIT
#include "capi/outcome.hpp"

#include <algorithm>

#include "capi/guard.hpp"
#include "capi/messages.hpp"

namespace portend::capi {

namespace {

portend_status status_of(wait::Outcome outcome) {
  switch (outcome) {
    case wait::Outcome::reached:
      return PORTEND_OK;
    case wait::Outcome::pending:
      return PORTEND_PENDING;
    case wait::Outcome::timed_out:
      return PORTEND_ERR_TIMEOUT;
    case wait::Outcome::unresolved:
      return PORTEND_ERR_RESOLVE;
    case wait::Outcome::canceled:
    case wait::Outcome::interrupted:
      return PORTEND_ERR_CANCELED;
    case wait::Outcome::gone:
      return PORTEND_ERR_GONE;
    case wait::Outcome::unsupported:
      return PORTEND_ERR_UNSUPPORTED;
    case wait::Outcome::failed:
      break;
  }
  return PORTEND_ERR_INTERNAL;
}

template <class Property>
bool any_target(const wait::Waiter& waiter, Property&& property) {
  return std::ranges::any_of(waiter.table().targets(), property);
}

}  // namespace

portend_status to_status(const wait::Waiter& waiter, wait::Outcome outcome) {
  const auto lock = waiter.lock();
  const auto status = status_of(outcome);
  return status < 0 ? fail(status, explain_failure(waiter.wait(), outcome)) : status;
}

portend_status to_probe_status(const wait::Waiter& waiter, wait::Outcome outcome) {
  if (outcome != wait::Outcome::timed_out) return to_status(waiter, outcome);
  if (any_target(waiter, [](const auto& target) { return target.unresolvable; })) {
    return to_status(waiter, wait::Outcome::unresolved);
  }
  const auto lock = waiter.lock();
  auto unknown = explain_unknown(waiter.table());
  return unknown.empty() ? PORTEND_OK : fail(PORTEND_ERR_TIMEOUT, std::move(unknown));
}

portend_status to_assert_free_status(const wait::Waiter& waiter, wait::Outcome outcome) {
  {
    const auto lock = waiter.lock();
    auto in_use = explain_in_use(waiter.table());
    if (!in_use.empty()) return fail(PORTEND_ERR_NOT_FREE, std::move(in_use));
  }
  return to_probe_status(waiter, outcome);
}

}  // namespace portend::capi
