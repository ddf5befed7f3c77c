// SPDX-License-Identifier: MIT
#include "os/port_range.hpp"

#include <netinet/in.h>
#include <sys/stat.h>

#include <charconv>
#include <sstream>
#include <string>

#include "os/linux/text_file.hpp"
#include "os/posix/sockaddr.hpp"

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51  // Linux 6.3
#endif

namespace portend::os {

namespace {

/// Parses a list such as "8080,9000-9010" (ip_local_reserved_ports in ip-sysctl).
std::vector<std::uint16_t> ports_in(const std::string& list) {
  std::vector<std::uint16_t> ports;
  const char* at = list.data();
  const char* const end = at + list.size();
  while (at < end) {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc()) break;
    last = first;
    if (read.ptr < end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    for (std::uint32_t port = first; port <= last; ++port) ports.push_back(static_cast<std::uint16_t>(port));
    at = read.ptr + 1;
  }
  return ports;
}

}  // namespace

EphemeralPorts ephemeral_ports() {
  EphemeralPorts ports;
  std::istringstream range(read_text("/proc/sys/net/ipv4/ip_local_port_range").value_or(""));
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  if (range >> first >> last && first > 0 && first <= last) {
    ports.first = first;
    ports.last = last;
  }
  if (const auto list = read_text("/proc/sys/net/ipv4/ip_local_reserved_ports")) {
    ports.reserved = ports_in(*list);
  }
  return ports;
}

bool restrict_range(const Descriptor& socket, std::uint16_t first, std::uint16_t last) noexcept {
  const std::uint32_t range = std::uint32_t{last} << 16 | first;
  return setsockopt(socket.get(), IPPROTO_IP, IP_LOCAL_PORT_RANGE, &range, sizeof range) == 0;
}

std::uint64_t pid_namespace() noexcept {
  struct stat info {};
  return stat("/proc/self/ns/pid", &info) == 0 ? info.st_ino : 0;
}

}  // namespace portend::os
