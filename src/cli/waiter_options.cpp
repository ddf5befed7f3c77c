// SPDX-License-Identifier: MIT
#include "waiter_options.hpp"

#include "print_error.hpp"

namespace portend::cli {

namespace {

constexpr std::int64_t hour_us = 3'600'000'000;

std::int64_t duration_up_to_an_hour(const char* option, const std::string& text, const char* shortest_text,
                                    std::int64_t shortest_us) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < shortest_us || *duration > hour_us) {
    throw UsageError(std::string(option) + " takes a time from " + shortest_text + " to 1h.");
  }
  return *duration;
}

}  // namespace

Waiter make_waiter(const ProbeOptions& options) {
  portend_waiter* made = nullptr;
  check(portend_waiter_create(&made));
  Waiter waiter(made);
  check(portend_waiter_set_family(made, options.family()));
  if (options.interval) {
    const auto longest = duration_up_to_an_hour("--interval", *options.interval, "50us", 50);
    check(portend_waiter_set_interval(made, 0, longest));
  }
  if (options.connect_timeout) {
    const auto limit = duration_up_to_an_hour("--connect-timeout", *options.connect_timeout, "1ms", 1000);
    check(portend_waiter_set_attempt_limit(made, (limit + 999) / 1000));
  }
  return waiter;
}

}  // namespace portend::cli
