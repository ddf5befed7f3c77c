// SPDX-License-Identifier: MIT
#include "os/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<std::uint32_t> scope_from_text(const std::string& zone) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), number);
  if (error == std::errc() && end == zone.data() + zone.size() && number > 0) return number;
  number = if_nametoindex(zone.c_str());
  return number > 0 ? std::optional(number) : std::nullopt;
}

/// Most messages need this; inet_ntop() takes ten times as long.
std::string ipv4_to_text(const Ip& ip) {
  std::array<char, INET_ADDRSTRLEN> room;
  auto* end = room.begin();
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *end++ = '.';
    end = std::to_chars(end, room.end(), ip.bytes[i]).ptr;
  }
  return {room.begin(), end};
}

}  // namespace

std::optional<Ip> ip_from_text(const std::string& text) {
  Ip ip;
  if (inet_pton(AF_INET, text.c_str(), ip.bytes.data()) == 1) return ip;

  ip = Ip{.family = Family::ipv6};
  const auto percent = text.find('%');
  if (inet_pton(AF_INET6, text.substr(0, percent).c_str(), ip.bytes.data()) != 1) return {};
  if (percent != std::string::npos) {
    const auto scope = scope_from_text(text.substr(percent + 1));
    if (!scope || !is_link_local(ip)) return {};
    ip.scope = *scope;
  }
  return unmapped(ip);
}

std::string ip_to_text(const Ip& ip) {
  if (ip.family == Family::ipv4) return ipv4_to_text(ip);
  std::array<char, INET6_ADDRSTRLEN> room{};
  inet_ntop(AF_INET6, ip.bytes.data(), room.data(), room.size());
  std::string text = room.data();
  if (ip.scope == 0) return text;
  std::array<char, IF_NAMESIZE> zone{};
  const char* name = if_indextoname(ip.scope, zone.data());
  return text + "%" + (name != nullptr ? name : std::to_string(ip.scope));
}

Ip unmapped(const Ip& ip) {
  if (ip.family == Family::ipv6 && std::equal(mapped_prefix.begin(), mapped_prefix.end(), ip.bytes.begin())) {
    Ip v4;
    std::copy_n(ip.bytes.begin() + 12, 4, v4.bytes.begin());
    return v4;
  }
  return ip;
}

bool is_link_local(const Ip& ip) {
  return ip.family == Family::ipv6 && ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80;
}

bool is_wildcard(const Ip& ip) { return ip == any4 || ip == any6; }

bool is_loopback(const Ip& ip) { return ip.family == Family::ipv4 ? ip.bytes[0] == 127 : ip == loopback6; }

SocketAddress::SocketAddress(const Endpoint& endpoint) {
  if (endpoint.ip.family == Family::ipv4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data(), sizeof v4.sin_addr);
    size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_scope_id = endpoint.ip.scope;
    std::memcpy(&v6.sin6_addr, endpoint.ip.bytes.data(), sizeof v6.sin6_addr);
    size = sizeof v6;
  }
}

Endpoint endpoint_of(const sockaddr* address) {
  Endpoint endpoint;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    endpoint.port = ntohs(v4.sin_port);
    std::memcpy(endpoint.ip.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    endpoint.port = ntohs(v6.sin6_port);
    endpoint.ip = Ip{.family = Family::ipv6, .scope = v6.sin6_scope_id};
    std::memcpy(endpoint.ip.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    endpoint.ip = unmapped(endpoint.ip);
  }
  return endpoint;
}

}  // namespace portend::os
