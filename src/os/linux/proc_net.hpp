// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "os/socket_list.hpp"
#include "os/socket_table.hpp"

namespace portend::os {

/// Lists sockets from /proc/net/tcp, tcp6, udp and udp6 (proc(5)). This takes milliseconds, and is used only
/// if netlink is denied. The files do not list bound sockets.
std::optional<std::vector<SocketEntry>> sockets_from_proc(const SocketFilter& filter);

std::optional<std::vector<TableEntry>> listeners_from_proc();

}  // namespace portend::os
