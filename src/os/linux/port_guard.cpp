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

/// In 127.0.0.0/8, which only this machine can reach.
constexpr Ip guard4{Family::ipv4, 0, {127, 112, 111, 114}};
/// In 100::/64, which is not routed (RFC 6666).
constexpr Ip guard6{Family::ipv6, 0, {1, 0, 0, 0, 0, 0, 0, 0, 'p', 'o', 'r', 't', 'e', 'n', 'd', 0}};

/// Lets the socket bind an address that no interface has, such as ::1 while loopback is down.
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

// The kernel does not check that the interface index exists, and delivers only packets from that interface. A
// bind by another socket still conflicts with this socket. Only a process with CAP_NET_RAW could undo the
// setting.
bool stop_receiving(const Descriptor& socket) noexcept {
  constexpr int no_interface = std::numeric_limits<int>::max();
  return setsockopt(socket.get(), SOL_SOCKET, SO_BINDTOIFINDEX, &no_interface, sizeof no_interface) == 0;
}

}  // namespace portend::os
