// SPDX-License-Identifier: MIT
#include "forwarding.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <memory>
#include <vector>

#include <portend/portend.h>

namespace portend::cli {

namespace {

constexpr std::size_t most_addresses = 8;
constexpr std::int64_t attempt_limit_ms = 300;

/// Loopback, and the first IPv4 address of each interface. Rules that publish a port often exclude loopback.
std::vector<std::string> own_addresses() {
  std::vector<std::string> addresses{"127.0.0.1", "::1"};
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(first, &freeifaddrs);
  for (const auto* each = first; each != nullptr && addresses.size() < most_addresses;
       each = each->ifa_next) {
    const bool usable = each->ifa_addr != nullptr && each->ifa_addr->sa_family == AF_INET &&
                        (each->ifa_flags & IFF_UP) != 0 && (each->ifa_flags & IFF_LOOPBACK) == 0;
    if (!usable) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
    inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
    addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace

std::optional<std::string> forwarded_address(int port) {
  for (auto& address : own_addresses()) {
    if (portend_assert_free(address.c_str(), port, attempt_limit_ms) == PORTEND_ERR_NOT_FREE) return address;
  }
  return {};
}

}  // namespace portend::cli
