// SPDX-License-Identifier: MIT
// Hosts as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/address.hpp"

namespace portend::net {

/// Characters of URLs, parameters and paths. A host cannot contain them.
inline constexpr std::string_view not_in_a_host = "@/?#=&;\\";

/// Returns the host that a client connects to in order to reach a server bound to `host`. A wildcard becomes
/// the loopback address of its family, and "*" becomes "localhost". Any other host is returned unchanged.
const char* client_host(const char* host) noexcept;

/// Returns why `host` cannot be a host, as a predicate such as "is empty"; nothing if it is valid.
std::optional<std::string> validate_host(std::string_view host);

/// Returns the addresses of a host that needs no look-up: a numeric address, or localhost. localhost means
/// both loopback addresses, whatever the resolver returns (RFC 6761, section 6.3).
std::optional<std::vector<os::Ip>> known_addresses(const std::string& host);

/// Returns the same for the host that a server binds. A wildcard is not replaced.
std::optional<std::vector<os::Ip>> bind_addresses(const std::string& host);

}  // namespace portend::net
