// SPDX-License-Identifier: MIT
#include "os/port_guard.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <limits>

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78  // Linux 4.15
#endif
#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62  // Linux 5.0
#endif

namespace portend::os {

namespace {

/// In the block of loopback, which is this machine's alone.
constexpr Ip guard4{Family::ipv4, 0, {127, 112, 111, 114}};
/// In the block that is routed nowhere (RFC 6666).
constexpr Ip guard6{Family::ipv6, 0, {1, 0, 0, 0, 0, 0, 0, 0, 'p', 'o', 'r', 't', 'e', 'n', 'd', 0}};

/// Lets the socket bind an address that no interface has, as when loopback is down.
void allow_any_address(const Descriptor& socket, Family family) noexcept {
  const int yes = 1;
  const int level = family == Family::ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  setsockopt(socket.get(), level, family == Family::ipv4 ? IP_FREEBIND : IPV6_FREEBIND, &yes, sizeof yes);
}

}  // namespace

const Ip& guard_address(Family family) noexcept { return family == Family::ipv4 ? guard4 : guard6; }

Binding bind_guard(Family family, std::uint16_t port, Descriptor& guard) {
  auto socket = bindable_socket(family, Transport::tcp, {});
  if (!socket) return Binding::no_address;
  allow_any_address(socket, family);
  const auto binding = bind(socket, {guard_address(family), port});
  if (binding == Binding::bound) guard = std::move(socket);
  return binding;
}

// The kernel takes the index of an interface without looking for it, and delivers by it. A bind by another
// socket meets this one all the same. Only CAP_NET_RAW could undo it.
bool stop_receiving(const Descriptor& socket) noexcept {
  constexpr int no_interface = std::numeric_limits<int>::max();
  return setsockopt(socket.get(), SOL_SOCKET, SO_BINDTOIFINDEX, &no_interface, sizeof no_interface) == 0;
}

}  // namespace portend::os
