// SPDX-License-Identifier: MIT
// Ports by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portend::net {

/// The TCP port of a service, such as "http" or "postgresql": from services(5), or well known where
/// services(5) does not list it, as in a container that has no such file.
std::optional<std::uint16_t> service_port(std::string_view name);

/// The same for the scheme of a URL, in lower case. A scheme may also name a driver or a transport:
/// "postgresql+psycopg2", "git+ssh".
std::optional<std::uint16_t> scheme_port(std::string_view scheme);

}  // namespace portend::net
