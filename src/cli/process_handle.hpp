// SPDX-License-Identifier: MIT
// Other processes, to be signaled.
#pragma once

#include <cstdint>
#include <set>

namespace portend::cli {

/// One process, and never another one that gets its number later (pidfd_open(2)). Before Linux 5.3 there is
/// nothing but the number: then it must be verified right before it is used.
class ProcessHandle {
 public:
  explicit ProcessHandle(std::int64_t pid);
  ~ProcessHandle();
  ProcessHandle(ProcessHandle&& other) noexcept;
  ProcessHandle(const ProcessHandle&) = delete;
  ProcessHandle& operator=(const ProcessHandle&) = delete;
  ProcessHandle& operator=(ProcessHandle&&) = delete;

  [[nodiscard]] std::int64_t pid() const { return pid_; }

  /// 0, or errno: ESRCH for a process that has ended, EPERM for one that this user may not signal. Signal 0
  /// only tries.
  [[nodiscard]] int send(int signal) const;

 private:
  std::int64_t pid_;
  int pidfd_;
  int error_ = 0;  // of pidfd_open
};

/// This process, its parent, the parent of that, and so on, as far as /proc tells.
std::set<std::int64_t> own_ancestry();

/// Whether /proc numbers processes as this process does. In a container it may be that of another one.
bool proc_is_own();

}  // namespace portend::cli
