// SPDX-License-Identifier: MIT
// Handles of other processes, for signaling them.
#pragma once

#include <cstdint>
#include <set>

namespace portend::cli {

/// Identifies one process, even if its ID is reused (pidfd_open(2)). Before Linux 5.3 it has only the ID,
/// which the caller must verify right before use.
class ProcessHandle {
 public:
  explicit ProcessHandle(std::int64_t pid);
  ~ProcessHandle();
  ProcessHandle(const ProcessHandle&) = delete;
  ProcessHandle& operator=(const ProcessHandle&) = delete;

  /// Returns 0 or errno: ESRCH for a process that has ended, EPERM if this user may not signal it. Signal 0
  /// only checks.
  [[nodiscard]] int send(int signal) const;

 private:
  std::int64_t pid_;
  int pidfd_;
  int error_ = 0;  // of pidfd_open
};

/// This process, its parent, and all further ancestors that /proc shows.
std::set<std::int64_t> own_ancestry();

/// Whether /proc uses the process IDs that this process sees. In a container, it may be that of another one.
bool proc_is_own();

}  // namespace portend::cli
