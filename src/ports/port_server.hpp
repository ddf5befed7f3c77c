// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "os/time.hpp"

namespace portend::ports {

/// A port of the server that PORTSERVER_ADDRESS names: a client sends its process number and
/// a line feed, and is answered by a port and a line feed. Nothing if no server is named, or if
/// none answers with a port within two seconds and before the deadline.
std::optional<std::uint16_t> ask_port_server(os::Instant until);

}  // namespace portend::ports
