// SPDX-License-Identifier: MIT
// POSIX has no list of sockets.
#include "os/socket_list.hpp"

namespace portend::os {

std::optional<std::vector<SocketEntry>> list_sockets(const SocketFilter&) { return {}; }

}  // namespace portend::os
