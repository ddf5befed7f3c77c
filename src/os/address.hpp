// SPDX-License-Identifier: MIT
// Numeric addresses as values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace portend::os {

enum class Family : std::uint8_t { ipv4, ipv6 };

struct Ip {
  Family family = Family::ipv4;
  std::uint32_t scope = 0;  // the interface of a link-local IPv6 address
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const Ip&) const = default;
};

struct Endpoint {
  Ip ip;
  std::uint16_t port = 0;

  bool operator==(const Endpoint&) const = default;
};

inline constexpr Ip loopback4{Family::ipv4, 0, {127, 0, 0, 1}};
inline constexpr Ip loopback6{Family::ipv6, 0, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
inline constexpr Ip any4{Family::ipv4, 0, {}};
inline constexpr Ip any6{Family::ipv6, 0, {}};

/// Parses a numeric address, such as "127.0.0.1" or "fe80::1%eth0". Does not accept names.
std::optional<Ip> ip_from_text(const std::string& text);
std::string ip_to_text(const Ip& ip);

/// Whether the address is ::1 or in 127.0.0.0/8, also mapped into IPv6.
bool is_loopback(const Ip& ip);

/// Whether the address is 0.0.0.0 or ::.
bool is_wildcard(const Ip& ip);

bool is_link_local(const Ip& ip);

/// Converts an IPv4-mapped IPv6 address to IPv4; returns any other address unchanged.
Ip unmapped(const Ip& ip);

/// Whether this machine has the address, in this network namespace.
bool is_local(const Ip& ip);

}  // namespace portend::os
