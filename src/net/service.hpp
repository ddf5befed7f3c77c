// SPDX-License-Identifier: MIT
// Ports by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portend::net {

/// Returns the TCP port of a service, such as "http" or "postgresql", from services(5). If services(5) does
/// not list it, as in a container without that file, uses a list of well-known services.
std::optional<std::uint16_t> service_port(std::string_view name);

/// Returns the same for the scheme of a URL, in lower case. A scheme may also name a driver or a transport,
/// as in "postgresql+psycopg2" and "git+ssh".
std::optional<std::uint16_t> scheme_port(std::string_view scheme);

}  // namespace portend::net
