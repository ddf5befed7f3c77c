// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "os/time.hpp"

namespace portend::ports {

/// Asks the server that PORTSERVER_ADDRESS names for a port. A request is the process ID and a line feed; the
/// answer is a port and a line feed. Nothing if no server is named, or if it does not answer with a port
/// within two seconds and before `until`.
std::optional<std::uint16_t> ask_port_server(os::Instant until);

}  // namespace portend::ports
