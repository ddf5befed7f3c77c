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

/// An address in its numeric form, "fe80::1%eth0" included; no names.
std::optional<Ip> ip_from_text(const std::string& text);
std::string ip_to_text(const Ip& ip);

/// 127.0.0.0/8 (also mapped into IPv6) and ::1.
bool is_loopback(const Ip& ip);

/// 0.0.0.0 or ::.
bool is_wildcard(const Ip& ip);

bool is_link_local(const Ip& ip);

/// An IPv4 address that is mapped into IPv6 as what it is; any other as it is.
Ip unmapped(const Ip& ip);

/// Whether the address is one of this machine, in this network namespace.
bool is_local(const Ip& ip);

}  // namespace portend::os
