// SPDX-License-Identifier: MIT
// Explains in plain English why a port is in use.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ports/sockets.hpp"

namespace portend::ports {

/// Describes the sockets of a snapshot that prevent a bind of `port`, as text for parentheses: "nginx (pid
/// 4711, user www-data) listens on 0.0.0.0". Describes only the first kind that exists: listeners, sockets
/// bound without listening, connections with their peers, TIME_WAIT with its remaining seconds. "" if no
/// socket has the port.
std::string explain_usage(const SocketSnapshot& snapshot, std::uint16_t port);

/// Describes ports that could not be bound a moment ago, with one snapshot of this machine's sockets. Returns
/// one text per port, which is never empty. Takes milliseconds. Throws only std::bad_alloc.
std::vector<std::string> explain_usage(std::span<const std::uint16_t> ports, bool udp);

}  // namespace portend::ports
