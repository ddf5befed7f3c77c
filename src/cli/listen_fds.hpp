// SPDX-License-Identifier: MIT
// Socket activation by the convention of systemd (sd_listen_fds(3)).
#pragma once

#include <string>
#include <vector>

namespace portend::cli {

/// A socket to hand over, and its name.
struct NamedSocket {
  int descriptor = -1;
  std::string name;
};

/// Puts copies of the sockets at descriptor 3 and those behind it, which a command inherits that is executed
/// next, and sets LISTEN_FDS, LISTEN_FDNAMES and, unless it is not wanted, LISTEN_PID. Throws UsageError if
/// the caller of this program has one of these descriptors open: it would be overwritten.
void hand_over(const std::vector<NamedSocket>& sockets, bool with_pid);

}  // namespace portend::cli
