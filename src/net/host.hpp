// SPDX-License-Identifier: MIT
// Hosts as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/address.hpp"

namespace portend::net {

/// What a client dials to reach a server bound to `host`: a wildcard becomes the loopback of
/// its family, everything else stays itself.
const char* client_host(const char* host) noexcept;

/// Why `host` can be no host, in words that follow its name ("is empty"); nothing if it can.
std::optional<std::string> validate_host(std::string_view host);

/// The addresses of a host that needs no look-up: a numeric one, or localhost, which is
/// both loopback addresses whatever a resolver says (RFC 6761, section 6.3).
std::optional<std::vector<os::Ip>> known_addresses(const std::string& host);

/// The same for where a server binds: a wildcard stands for itself.
std::optional<std::vector<os::Ip>> bind_addresses(const std::string& host);

}  // namespace portend::net
