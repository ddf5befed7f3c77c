// SPDX-License-Identifier: MIT
#include "os/posix/process_alive.hpp"

#include <sys/types.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace portend::os {

bool process_alive(std::int64_t pid) {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pid);
  if (waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) == 0) return info.si_pid == 0;
  return kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
}

}  // namespace portend::os
