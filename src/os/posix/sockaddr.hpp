// SPDX-License-Identifier: MIT
// Conversions between os::Endpoint and sockaddr.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "os/address.hpp"

namespace portend::os {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;

  SocketAddress() = default;
  explicit SocketAddress(const Endpoint& endpoint);

  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// Converts an IPv4-mapped IPv6 address to IPv4.
Endpoint endpoint_of(const sockaddr* address);

constexpr int domain(Family family) { return family == Family::ipv4 ? AF_INET : AF_INET6; }

}  // namespace portend::os
