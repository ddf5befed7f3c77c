// SPDX-License-Identifier: MIT
#include "os/process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/posix/process_alive.hpp"

namespace portend::os {

ProcessWatch::ProcessWatch(std::int64_t pid)
    : pid_(pid), pidfd_(static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0U))) {}

bool ProcessWatch::alive() const {
  if (!pidfd_) return process_alive(pid_);
  pollfd dead{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&dead, 1, 0);
  return ready < 0 ? process_alive(pid_) : ready == 0;
}

}  // namespace portend::os
