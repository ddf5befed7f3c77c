// SPDX-License-Identifier: MIT
#include "ports/port_binder.hpp"

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
    throw NoAddress("Host " + host + " could not be resolved. (" + found.error_text + ")");
  }
  return found.addresses;
}

/// Binding :: for both families at once is the only single bind that is in nobody's way: it
/// meets every address of both.
std::vector<BindAddress> machine_addresses(std::optional<os::Family> family) {
  if (family == os::Family::ipv4) return {{.ip = os::any4}};
  return {{.ip = os::any6, .dual_stack = !family}};
}

std::vector<BindAddress> host_addresses(const std::string& host, std::optional<os::Family> family) {
  std::vector<BindAddress> addresses;
  for (const auto& ip : addresses_of(host)) {
    if (!family || ip.family == *family) addresses.push_back({.ip = ip});
  }
  if (addresses.empty()) throw NoAddress("Host " + host + " has no address of the family that is asked for.");
  return addresses;
}

/// Whether a socket can be bound there at all.
bool is_here(const BindAddress& address) {
  const auto socket =
      os::bindable_socket(address.ip.family, address.transport, {.dual_stack = address.dual_stack});
  return socket && os::bind(socket, {address.ip, 0}) != os::Binding::no_address;
}

}  // namespace

PortBinder::PortBinder(const SearchOptions& options)
    : name_(options.host.empty() ? "this machine" : options.host),
      whole_machine_(options.host.empty()),
      addresses_(whole_machine_ ? machine_addresses(options.family)
                                : host_addresses(options.host, options.family)) {
  unbound_.resize(addresses_.size());
  require_address();
  const auto tcp_count = addresses_.size();
  for (std::size_t i = 0; options.udp && i < tcp_count; ++i) {
    addresses_.push_back(addresses_[i]);
    addresses_.back().transport = os::Transport::udp;
  }
  unbound_.resize(addresses_.size());
}

/// Leaves out what this machine lacks, a family or an address, unless that is all there is.
void PortBinder::require_address() {
  if (whole_machine_) {
    if (!unbound_socket(0) && addresses_[0].dual_stack) addresses_[0] = {.ip = os::any4};
    if (!unbound_socket(0))
      throw NoPort("No port can be bound on this machine: it lacks the address family.");
    return;
  }
  std::erase_if(addresses_, [](const BindAddress& address) { return !is_here(address); });
  if (addresses_.empty()) {
    throw NoPort("No port can be bound on " + name_ + ": it is no address of this machine.");
  }
}

os::Descriptor& PortBinder::unbound_socket(std::size_t address) {
  auto& socket = unbound_[address];
  if (!socket) {
    const auto& [ip, transport, dual_stack] = addresses_[address];
    socket = os::bindable_socket(ip.family, transport, {.dual_stack = dual_stack});
  }
  return socket;
}

os::Binding PortBinder::bind_from(std::size_t first, std::uint16_t port) {
  for (std::size_t i = first; i < addresses_.size(); ++i) {
    const auto binding = os::bind(unbound_socket(i), {addresses_[i].ip, port});
    if (binding == os::Binding::bound) continue;
    for (std::size_t bound = 0; bound < i; ++bound) unbound_[bound].reset();
    return binding;
  }
  return os::Binding::bound;
}

void PortBinder::take(std::uint16_t port, BoundPort& result) {
  result.port = port;
  result.sockets = std::exchange(unbound_, {});
  unbound_.resize(addresses_.size());
}

os::Binding PortBinder::bind(std::uint16_t port, BoundPort& result) {
  const auto binding = bind_from(0, port);
  if (binding == os::Binding::bound) take(port, result);
  return binding;
}

bool PortBinder::bind_any(Range range, BoundPort& result) {
  auto& socket = unbound_socket(0);
  const bool bound = os::restrict_range(socket, range.first, range.last) &&
                     os::bind(socket, {addresses_[0].ip, 0}) == os::Binding::bound;
  if (!bound) {
    socket.reset();
    return false;
  }
  const auto port = os::bound_port(socket);
  // A range outside of the system's own is ignored by the kernel without a word.
  if (!range.contains(port) || bind_from(1, port) != os::Binding::bound) {
    unbound_[0].reset();
    return false;
  }
  take(port, result);
  return true;
}

}  // namespace portend::ports
