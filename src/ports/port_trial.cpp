// SPDX-License-Identifier: MIT
#include "ports/port_trial.hpp"

#include <algorithm>

namespace portend::ports {

namespace {

constexpr std::size_t port_count = 65536;

Obstacle obstacle_of(os::Binding binding, std::uint16_t port) {
  constexpr std::uint16_t first_unprivileged = 1024;
  switch (binding) {
    case os::Binding::bound:
      return Obstacle::none;
    case os::Binding::forbidden:
      return port < first_unprivileged ? Obstacle::privileged : Obstacle::refused_by_policy;
    case os::Binding::in_use:
    case os::Binding::no_address:
      break;
  }
  return Obstacle::in_use;
}

}  // namespace

PortTrial::PortTrial(const SearchOptions& options, Purpose purpose, os::Instant until)
    : options_(options),
      filter_(options),
      binder_(options, until, purpose == Purpose::reserve),
      forwarding_(until),
      may_forward_(may_forward(until)) {}

Obstacle PortTrial::obstacle(std::uint16_t port, Choice choice) const {
  return choice == Choice::preferred ? filter_.obstacle_of_preferred(port) : filter_.obstacle(port);
}

bool PortTrial::try_port(std::uint16_t port, Choice choice, Leftovers allowed, BoundPort& result) {
  if (obstacle(port, choice) != Obstacle::none || is_rejected(port)) return false;
  const auto binding = binder_.bind(port, allowed, result);
  if (binding != os::Binding::bound) {
    note(port, obstacle_of(binding, port));
    return false;
  }
  if (is_forwarded(port, choice)) {
    result = {};
    note(port, Obstacle::forwarded);
    return false;
  }
  given_.push_back(port);
  return true;
}

bool PortTrial::try_any(Range range, BoundPort& result) {
  if (!binder_.bind_any(range, result)) return false;
  const auto port = result.port;
  if (obstacle(port, Choice::automatic) == Obstacle::none && !is_rejected(port) &&
      !is_forwarded(port, Choice::automatic)) {
    given_.push_back(port);
    return true;
  }
  result = {};
  return false;
}

void PortTrial::take_back(std::size_t count) { given_.resize(given_.size() - count); }

void PortTrial::reject(std::uint16_t port) {
  note(port, Obstacle::in_use);
  rejected_.push_back(port);
}

bool PortTrial::is_rejected(std::uint16_t port) const {
  return std::ranges::find(rejected_, port) != rejected_.end();
}

void PortTrial::note(std::uint16_t port, Obstacle obstacle) {
  if (noted_.empty()) noted_.resize(port_count);
  noted_[port] = obstacle;
}

Obstacle PortTrial::noted(std::uint16_t port) const { return noted_.empty() ? Obstacle::none : noted_[port]; }

/// Two connections to loopback cost three times as much as a bind. They are always made for ports that the
/// caller chose. For other ports they are made only if the kernel may forward ports.
bool PortTrial::is_forwarded(std::uint16_t port, Choice choice) {
  return (may_forward_ || choice != Choice::automatic) && forwarding_.is_forwarded(binder_.addresses(), port);
}

void PortTrial::count(std::uint16_t port, Choice choice, std::vector<bool>& counted, NoPort& failure) const {
  constexpr std::size_t most_to_name = 3;
  if (counted[port]) return;
  counted[port] = true;
  auto kept_back_by = obstacle(port, choice);
  if (std::ranges::find(given_, port) != given_.end()) {
    kept_back_by = Obstacle::given;
  } else if (kept_back_by == Obstacle::none) {
    kept_back_by = noted(port);
  }
  ++failure.tally[static_cast<std::size_t>(kept_back_by)];
  if (kept_back_by == Obstacle::in_use && failure.in_use.size() < most_to_name)
    failure.in_use.push_back(port);
}

NoPort PortTrial::failure(std::size_t in_a_row) const {
  const auto range = options_.only_preferred ? std::nullopt : filter_.range();
  auto cause = NoPort::Cause::none_left;
  if (options_.only_preferred && options_.preferred.empty()) cause = NoPort::Cause::none_preferred;
  if (!options_.only_preferred && !range) cause = NoPort::Cause::all_ephemeral;
  NoPort failure(cause);
  failure.host = options_.host;
  failure.found = given_.size();
  failure.in_a_row = in_a_row;
  failure.preferred = options_.preferred;
  failure.only_preferred = options_.only_preferred;
  failure.range = range;
  failure.udp = options_.udp;
  std::vector<bool> counted(port_count);
  const auto count_all = [&](Range ports, Choice choice) {
    for (std::uint32_t port = ports.first; port <= ports.last; ++port) {
      count(static_cast<std::uint16_t>(port), choice, counted, failure);
    }
  };
  for (const auto& ports : options_.preferred) count_all(ports, Choice::preferred);
  if (range) count_all(*range, Choice::automatic);
  return failure;
}

}  // namespace portend::ports
