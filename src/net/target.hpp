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

/// "host:port" or "[v6]:port". Throws std::invalid_argument with a sentence for people.
Target parse_target(std::string_view text);

/// The inverse, with the host as a client dials it. Throws std::invalid_argument likewise.
std::string format_target(const std::string& host, int port);

}  // namespace portend::net
