// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "os/socket_table.hpp"

namespace portend::os {

/// The listening sockets by /proc/net/tcp and tcp6 (proc(5)), which cost milliseconds: only
/// where netlink is denied.
std::optional<std::vector<TableEntry>> listeners_from_proc();

}  // namespace portend::os
