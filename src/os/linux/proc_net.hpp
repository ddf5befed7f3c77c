// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "os/socket_list.hpp"
#include "os/socket_table.hpp"

namespace portend::os {

/// The sockets by /proc/net/tcp, tcp6, udp and udp6 (proc(5)), which cost milliseconds: only where netlink
/// is denied. Bound sockets are not listed there.
std::optional<std::vector<SocketEntry>> sockets_from_proc(const SocketFilter& filter);

std::optional<std::vector<TableEntry>> listeners_from_proc();

}  // namespace portend::os
