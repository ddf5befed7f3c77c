// SPDX-License-Identifier: MIT
// Why a port is in use, in plain English.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ports/sockets.hpp"

namespace portend::ports {

/// The sockets of a snapshot that keep `port` from being bound, as text for parentheses: "nginx (pid 4711,
/// user www-data) listens on 0.0.0.0". Listeners are named alone, or else what is bound without listening,
/// connections with their peers, and TIME_WAIT with its seconds. "" if no socket has the port.
std::string explain_usage(const SocketSnapshot& snapshot, std::uint16_t port);

/// The same for ports that could not be bound a moment ago, by one snapshot of the sockets of this machine:
/// one text for each, which is never empty. Takes milliseconds, and throws nothing but std::bad_alloc.
std::vector<std::string> explain_usage(std::span<const std::uint16_t> ports, bool udp);

}  // namespace portend::ports
