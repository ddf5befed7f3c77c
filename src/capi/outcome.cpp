// SPDX-License-Identifier: MIT
#include "capi/outcome.hpp"

#include <algorithm>

#include "capi/guard.hpp"
#include "capi/messages.hpp"

namespace portend::capi {

namespace {

Message of_timeout(const wait::Waiter& waiter) {
  auto message = explain_all(waiter);
  return message.empty() ? "No change in time." : message;
}

Message of_death(const wait::Waiter& waiter) {
  Message message("Process " + std::to_string(waiter.settings().process) +
                  " has died before the port was as it should be.");
  const auto reasons = explain_all(waiter);
  if (!reasons.empty()) message += "\n";
  message += reasons;
  return message;
}

bool all_are_free(const wait::Waiter& waiter) {
  return std::ranges::all_of(waiter.board().targets(),
                             [](const auto& target) { return target.state == wait::State::free; });
}

bool any_is_lost(const wait::Waiter& waiter) {
  return std::ranges::any_of(waiter.board().targets(), [](const auto& target) { return target.lost; });
}

}  // namespace

portend_status conclude(const wait::Waiter& waiter, wait::Outcome outcome) {
  switch (outcome) {
    case wait::Outcome::reached:
      return PORTEND_OK;
    case wait::Outcome::pending:
      return PORTEND_PENDING;
    case wait::Outcome::timed_out:
      return fail(PORTEND_ERR_TIMEOUT, of_timeout(waiter));
    case wait::Outcome::unresolved:
      return fail(PORTEND_ERR_RESOLVE, explain_unresolved(waiter));
    case wait::Outcome::canceled:
      return fail(PORTEND_ERR_CANCELED, "The wait was cancelled.");
    case wait::Outcome::gone:
      return fail(PORTEND_ERR_GONE, of_death(waiter));
  }
  return fail(PORTEND_ERR_INTERNAL, "A wait that came to nothing: a bug in portend.");
}

portend_status conclude_look(const wait::Waiter& waiter, wait::Outcome outcome) {
  auto in_use = explain_in_use(waiter);
  if (!in_use.empty()) return fail(PORTEND_ERR_NOT_FREE, std::move(in_use));
  if (outcome != wait::Outcome::timed_out) return conclude(waiter, outcome);
  if (all_are_free(waiter)) return PORTEND_OK;
  return conclude(waiter, any_is_lost(waiter) ? wait::Outcome::unresolved : wait::Outcome::timed_out);
}

}  // namespace portend::capi
