// SPDX-License-Identifier: MIT
// A target as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portend::net {

struct Target {
  std::string host;
  std::uint16_t port = 0;
};

/// Parses "host:port", "host:service", "[v6]:port", "*:port" or a URL with a host. Throws
/// std::invalid_argument with a message for people, which shows only the scheme of a URL.
Target parse_target(std::string_view text);

/// Formats "host:port" with the host that a client connects to (net/host.hpp). Throws std::invalid_argument
/// if the host could not be parsed again.
std::string format_target(const std::string& host, int port);

}  // namespace portend::net
