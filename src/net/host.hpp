// SPDX-License-Identifier: MIT
// Hosts as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/address.hpp"

namespace portend::net {

/// Characters of URLs, parameters and paths, which no host has.
inline constexpr std::string_view not_in_a_host = "@/?#=&;\\";

/// The host that a client connects to in order to reach a server bound to `host`. A wildcard becomes
/// the loopback address of its family, and "*" becomes "localhost"; any other host is returned as it is.
const char* client_host(const char* host) noexcept;

/// Why `host` cannot be a host, in words that follow its name ("is empty"); nothing if it can.
std::optional<std::string> validate_host(std::string_view host);

/// The addresses of a host that needs no look-up: a numeric one, or localhost, which is
/// both loopback addresses whatever a resolver says (RFC 6761, section 6.3).
std::optional<std::vector<os::Ip>> known_addresses(const std::string& host);

/// The same for where a server binds: a wildcard stands for itself.
std::optional<std::vector<os::Ip>> bind_addresses(const std::string& host);

}  // namespace portend::net
