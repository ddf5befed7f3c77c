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

/// Copies the sockets to descriptor 3 and the next ones, for the command that is executed next. Sets
/// LISTEN_FDS, LISTEN_FDNAMES and, if `with_pid`, LISTEN_PID. Throws UsageError if the caller of this program
/// has one of these descriptors open, since it would be overwritten.
void hand_over(const std::vector<NamedSocket>& sockets, bool with_pid);

}  // namespace portend::cli
