// SPDX-License-Identifier: MIT
#include "waiter_options.hpp"

#include "duration.hpp"
#include "print_error.hpp"

namespace portend::cli {

namespace {

constexpr const char* shortest_interval = "50us";

/// Parses "[A-]B": the interval of probes grows from A to B.
void set_interval(portend_waiter* waiter, const std::string& text) {
  const auto dash = text.find('-');
  const auto longest =
      parse_short_duration("--interval", dash == text.npos ? text : text.substr(dash + 1), shortest_interval);
  const auto shortest =
      dash == text.npos ? 0 : parse_short_duration("--interval", text.substr(0, dash), shortest_interval);
  if (shortest > longest) throw UsageError("--interval takes the shorter time first, as in 1ms-100ms.");
  check(portend_waiter_set_interval(waiter, shortest, longest));
}

portend_evidence evidence_of(const ProbeOptions& options) {
  if (options.connect) return PORTEND_EVIDENCE_CONNECTION;
  return options.no_connect ? PORTEND_EVIDENCE_TABLE : PORTEND_EVIDENCE_AUTO;
}

}  // namespace

Waiter make_waiter(const ProbeOptions& options) {
  portend_waiter* made = nullptr;
  check(portend_waiter_create(&made));
  Waiter waiter(made);
  check(portend_waiter_set_family(made, options.family()));
  if (options.interval) set_interval(made, *options.interval);
  if (options.connect_timeout) {
    const auto limit = parse_short_duration("--connect-timeout", *options.connect_timeout, "1ms");
    check(portend_waiter_set_attempt_limit(made, milliseconds_of(limit)));
  }
  if (options.owner) check(portend_waiter_set_owner(made, parse_pid(*options.owner)));
  if (options.stable) {
    const auto stable = parse_short_duration("--stable", *options.stable, "1ms");
    check(portend_waiter_set_stable(made, milliseconds_of(stable)));
  }
  check(portend_waiter_set_evidence(made, evidence_of(options)));
  return waiter;
}

}  // namespace portend::cli
