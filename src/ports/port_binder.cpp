// SPDX-License-Identifier: MIT
#include "ports/port_binder.hpp"

#include <algorithm>
#include <utility>

#include "os/port_guard.hpp"
#include "os/port_range.hpp"
#include "os/socket_list.hpp"

namespace portend::ports {

namespace {

/// Whether a socket of another program is bound to the port without listening, as far as the kernel lists
/// such sockets. It may belong to a reservation of that program.
bool is_bound_elsewhere(std::uint16_t port) {
  const auto bound = os::list_sockets({.first_port = port, .last_port = port, .bound = true});
  const auto is_guard = [](const os::SocketEntry& entry) {
    return entry.local.ip == os::guard_address(entry.local.ip.family);
  };
  return bound && !std::ranges::all_of(*bound, is_guard);
}

}  // namespace

PortBinder::PortBinder(const SearchOptions& options, os::Instant until, bool for_reservation)
    : PortBinder(bind_addresses(options, until), for_reservation) {}

PortBinder::PortBinder(BindAddresses found, bool for_reservation)
    : addresses_(std::move(found.list)), unbound_(addresses_.size()), for_reservation_(for_reservation) {
  unbound_[0] = std::move(found.first_socket);
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

os::Binding PortBinder::bind(std::uint16_t port, Leftovers allowed, BoundPort& result) {
  auto binding = bind_from(0, port);
  if (binding == os::Binding::in_use && allowed == Leftovers::connections) {
    binding = bind_beside_connections(port);
  }
  if (binding == os::Binding::bound) take(port, result);
  return binding;
}

/// With SO_REUSEADDR two reservations would not exclude each other, since neither of them listens. So a guard
/// is bound first, for as long as this function runs. An existing reservation has a socket bound to all
/// addresses, which prevents the guard. Of two that are made at once, only one gets the guard.
os::Binding PortBinder::bind_beside_connections(std::uint16_t port) {
  std::vector<os::Descriptor> guards;
  if (lock(port, guards) != os::Binding::bound) return os::Binding::in_use;
  if (for_reservation_ && is_bound_elsewhere(port)) return os::Binding::in_use;
  set_reuse_of_tcp();
  const auto binding = bind_from(0, port);
  if (binding != os::Binding::bound) {
    for (auto& socket : unbound_) socket.reset();  // new sockets, without SO_REUSEADDR, for the next attempt
  }
  return binding;
}

os::Binding PortBinder::lock(std::uint16_t port, std::vector<os::Descriptor>& guards) const {
  for (const auto family : {os::Family::ipv4, os::Family::ipv6}) {
    const auto needs_guard = [family](const BindAddress& address) {
      return (address.dual_stack ? os::Family::ipv4 : address.ip.family) == family;
    };
    if (std::ranges::none_of(addresses_, needs_guard)) continue;
    os::Descriptor guard;
    const auto binding = os::bind_guard(family, port, guard);
    if (binding != os::Binding::bound) return binding;
    os::set_reuse(guard, true);  // the sockets that are bound next also have it
    guards.push_back(std::move(guard));
  }
  return os::Binding::bound;
}

void PortBinder::set_reuse_of_tcp() {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    if (addresses_[i].transport == os::Transport::tcp) os::set_reuse(unbound_socket(i), true);
  }
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
  // The kernel silently ignores a range outside of its own.
  if (!range.contains(port) || bind_from(1, port) != os::Binding::bound) {
    unbound_[0].reset();
    return false;
  }
  take(port, result);
  return true;
}

}  // namespace portend::ports
