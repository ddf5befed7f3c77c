// SPDX-License-Identifier: MIT
#include "ports/place.hpp"

#include <algorithm>
#include <utility>

#include "net/host.hpp"
#include "net/lookup.hpp"
#include "os/port_range.hpp"

namespace portend::ports {

using namespace std::chrono_literals;

namespace {

constexpr os::Duration longest_lookup = 5s;

std::vector<os::Ip> addresses_of(const std::string& host) {
  if (const auto ip = os::ip_from_text(host)) return {*ip};  // a wildcard is meant as such here
  if (const auto known = net::known_addresses(host)) return *known;
  const auto found = net::resolve_within(host, longest_lookup);
  if (found.verdict != os::Resolution::Verdict::found) {
    throw NoAddress("Host " + host + " could not be resolved. (" + found.complaint + ")");
  }
  return found.addresses;
}

/// Binding :: for both families at once is the only single bind that is in nobody's way: it
/// meets every address of both.
std::vector<Spot> spots_of_machine(std::optional<os::Family> family) {
  if (family == os::Family::ipv4) return {{.ip = os::any4}};
  return {{.ip = os::any6, .dual_stack = !family}};
}

std::vector<Spot> spots_of_host(const std::string& host, std::optional<os::Family> family) {
  std::vector<Spot> spots;
  for (const auto& ip : addresses_of(host)) {
    if (!family || ip.family == *family) spots.push_back({.ip = ip});
  }
  if (spots.empty()) throw NoAddress("Host " + host + " has no address of the family that is asked for.");
  return spots;
}

/// Whether a socket can be bound there at all.
bool is_here(const Spot& spot) {
  const auto socket = os::bindable_socket(spot.ip.family, spot.transport, {.dual_stack = spot.dual_stack});
  return socket && os::bind(socket, {spot.ip, 0}) != os::Binding::no_address;
}

}  // namespace

Place::Place(const Wishes& wishes)
    : name_(wishes.host.empty() ? "this machine" : wishes.host),
      whole_machine_(wishes.host.empty()),
      spots_(whole_machine_ ? spots_of_machine(wishes.family) : spots_of_host(wishes.host, wishes.family)) {
  blanks_.resize(spots_.size());
  require_address();
  const auto tcp_spots = spots_.size();
  for (std::size_t i = 0; wishes.udp && i < tcp_spots; ++i) {
    spots_.push_back(spots_[i]);
    spots_.back().transport = os::Transport::udp;
  }
  blanks_.resize(spots_.size());
}

/// Leaves out what this machine lacks, a family or an address, unless that is all there is.
void Place::require_address() {
  if (whole_machine_) {
    if (!blank(0) && spots_[0].dual_stack) spots_[0] = {.ip = os::any4};
    if (!blank(0)) throw NoPort("No port can be bound on this machine: it lacks the address family.");
    return;
  }
  std::erase_if(spots_, [](const Spot& spot) { return !is_here(spot); });
  if (spots_.empty()) {
    throw NoPort("No port can be bound on " + name_ + ": it is no address of this machine.");
  }
}

os::Descriptor& Place::blank(std::size_t spot) {
  auto& socket = blanks_[spot];
  if (!socket) {
    const auto& [ip, transport, dual_stack] = spots_[spot];
    socket = os::bindable_socket(ip.family, transport, {.dual_stack = dual_stack});
  }
  return socket;
}

os::Binding Place::bind_from(std::size_t first, std::uint16_t port) {
  for (std::size_t i = first; i < spots_.size(); ++i) {
    const auto binding = os::bind(blank(i), {spots_[i].ip, port});
    if (binding == os::Binding::bound) continue;
    for (std::size_t bound = 0; bound < i; ++bound) blanks_[bound].reset();
    return binding;
  }
  return os::Binding::bound;
}

void Place::take(std::uint16_t port, Grip& grip) {
  grip.port = port;
  grip.sockets = std::exchange(blanks_, {});
  blanks_.resize(spots_.size());
}

os::Binding Place::hold(std::uint16_t port, Grip& grip) {
  const auto binding = bind_from(0, port);
  if (binding == os::Binding::bound) take(port, grip);
  return binding;
}

bool Place::hold_any(Range range, Grip& grip) {
  auto& socket = blank(0);
  const bool bound = os::restrict_range(socket, range.first, range.last) &&
                     os::bind(socket, {spots_[0].ip, 0}) == os::Binding::bound;
  if (!bound) {
    socket.reset();
    return false;
  }
  const auto port = os::bound_port(socket);
  // A range outside of the system's own is ignored by the kernel without a word.
  if (!range.contains(port) || bind_from(1, port) != os::Binding::bound) {
    blanks_[0].reset();
    return false;
  }
  take(port, grip);
  return true;
}

}  // namespace portend::ports
