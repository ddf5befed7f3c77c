// SPDX-License-Identifier: MIT
#include "look.hpp"

#include "complain.hpp"

namespace portend::cli {

namespace {

std::int64_t finite(const std::string& option, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) throw UsageError(option + " cannot be inf.");
  return *duration;
}

}  // namespace

Waiter make_waiter(const LookOptions& options) {
  portend_waiter* made = nullptr;
  check(portend_waiter_create(&made));
  Waiter waiter(made);
  check(portend_waiter_set_family(made, options.family()));
  if (!options.interval.empty())
    check(portend_waiter_set_interval(made, 0, finite("--interval", options.interval)));
  if (!options.connect_timeout.empty()) {
    const auto limit = finite("--connect-timeout", options.connect_timeout);
    check(portend_waiter_set_attempt_limit(made, (limit + 999) / 1000));
  }
  return waiter;
}

}  // namespace portend::cli
