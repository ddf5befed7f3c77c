// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace portend::ports {

/// A port of the server that PORTSERVER_ADDRESS names: a client sends its process number and
/// a line feed, and is answered by a port and a line feed. Nothing where no server is named,
/// or none answers with a port.
std::optional<std::uint16_t> ask_port_server();

}  // namespace portend::ports
