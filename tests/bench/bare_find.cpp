// SPDX-License-Identifier: MIT
#include <sys/socket.h>
#include <unistd.h>

#include "bare.hpp"

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51  // Linux 6.3
#endif

namespace bare {

namespace {

/// For both families, and strict: without SO_REUSEADDR no other socket has the port.
int binding_socket() {
  const int result = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int no = 0;
  setsockopt(result, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  return result;
}

bool bind_to(int socket, std::uint16_t port) {
  sockaddr_in6 where{};
  where.sin6_family = AF_INET6;
  where.sin6_port = htons(port);
  return bind(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
}

std::uint16_t port_of(int socket) {
  sockaddr_in6 own{};
  socklen_t size = sizeof own;
  getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin6_port);
}

}  // namespace

std::uint16_t find_port() {
  const int socket = binding_socket();
  bind_to(socket, 0);
  const auto port = port_of(socket);
  close(socket);
  return port;
}

std::vector<std::uint16_t> find_ports(std::size_t count) {
  std::vector<int> held;
  std::vector<std::uint16_t> ports;
  held.reserve(count);
  ports.reserve(count);
  while (ports.size() < count) {
    held.push_back(binding_socket());
    bind_to(held.back(), 0);
    ports.push_back(port_of(held.back()));
  }
  for (const int socket : held) close(socket);
  return ports;
}

std::uint16_t find_port_in(std::uint16_t first, std::uint16_t last) {
  const int socket = binding_socket();
  const std::uint32_t range = std::uint32_t{last} << 16 | first;
  setsockopt(socket, IPPROTO_IP, IP_LOCAL_PORT_RANGE, &range, sizeof range);
  const bool bound = bind_to(socket, 0);
  const auto port = bound ? port_of(socket) : std::uint16_t{0};
  close(socket);
  return port;
}

std::uint16_t find_port_by_trying(std::uint16_t first, std::uint16_t last) {
  const int socket = binding_socket();
  std::uint32_t port = first;
  while (port <= last && !bind_to(socket, static_cast<std::uint16_t>(port))) ++port;
  close(socket);
  return port <= last ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

}  // namespace bare
