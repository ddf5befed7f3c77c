// SPDX-License-Identifier: MIT
#include "ports/port_filter.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include "os/port_range.hpp"
#include "ports/browser_ports.hpp"

namespace portend::ports {

namespace {

constexpr std::uint16_t highest_port = 65535;

/// The default range for ports by name: above most well-known services, and below the ephemeral ports. It
/// must stay the same on all machines and in all versions.
constexpr Range range_of_names{10000, 29999};

/// Read once, since a later change makes no found port wrong. No lock is used, because a fork could leave it
/// locked: the loser of a race discards its copy.
const os::EphemeralPorts& system_ports() {
  static std::atomic<const os::EphemeralPorts*> known = nullptr;
  if (const auto* ports = known.load()) return *ports;
  auto read = std::make_unique<const os::EphemeralPorts>(os::ephemeral_ports());
  const os::EphemeralPorts* before = nullptr;
  return known.compare_exchange_strong(before, read.get()) ? *read.release() : *before;
}

bool is_reserved(std::uint16_t port) { return std::ranges::binary_search(system_ports().reserved, port); }

bool is_ephemeral(std::uint16_t port) { return port >= system_ports().first && port <= system_ports().last; }

/// The largest range of ports that the system does not assign by itself, if any.
std::optional<Range> non_ephemeral_range() {
  constexpr std::uint16_t first_unprivileged = 1024;
  constexpr std::uint16_t preferred_first = 10000;  // above most well-known services
  const auto& system = system_ports();
  const int below = system.first - first_unprivileged;
  const int above = highest_port - system.last;
  if (below <= 0 && above <= 0) return {};
  if (above > below) return Range{static_cast<std::uint16_t>(system.last + 1), highest_port};
  const auto first = system.first > 2 * preferred_first ? preferred_first : first_unprivileged;
  return Range{first, static_cast<std::uint16_t>(system.first - 1)};
}

/// The first port to try is outside of the range.
NoPort no_port_from(std::uint16_t from) {
  NoPort failure(NoPort::Cause::outside_of_range);
  failure.range = Range{from, from};
  return failure;
}

}  // namespace

Obstacle PortFilter::obstacle_of_preferred(std::uint16_t port) const {
  if (contains(options_.excluded, port)) return Obstacle::excluded;
  if (options_.browser_safe && !is_browser_safe(port)) return Obstacle::unsafe_for_browsers;
  return Obstacle::none;
}

Obstacle PortFilter::obstacle(std::uint16_t port) const {
  const auto asked = obstacle_of_preferred(port);
  if (asked != Obstacle::none || options_.range) return asked;
  if (options_.avoid_ephemeral && is_ephemeral(port)) return Obstacle::ephemeral;
  // Administrators reserve ports for explicit use, such as a start port that the caller chose.
  return !options_.from && is_reserved(port) ? Obstacle::reserved_by_administrator : Obstacle::none;
}

std::optional<Range> PortFilter::range() const {
  auto range = options_.range;
  if (options_.from) {
    if (range && !range->contains(*options_.from)) throw no_port_from(*options_.from);
    return Range{*options_.from, range ? range->last : highest_port};
  }
  if (range) return range;
  if (options_.name) return range_of_names;
  if (options_.avoid_ephemeral) return non_ephemeral_range();
  return Range{system_ports().first, system_ports().last};
}

bool PortFilter::is_systems_own() const {
  return !options_.range && !options_.from && !options_.name && !options_.avoid_ephemeral;
}

}  // namespace portend::ports
