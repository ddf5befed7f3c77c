// SPDX-License-Identifier: MIT
#include "os/posix/supervisor_system.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace portend::os {

namespace {

/// Calls clone(2) the way fork(2) does, but not through the C library. The library would only have to reset
/// its locks in the child, and the child takes none.
int clone_process(int exit_signal) noexcept {
  return static_cast<int>(syscall(SYS_clone, exit_signal, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace

// wait(2) ignores a child whose exit signal is 0, unless it is called with __WALL.
int fork_hidden() noexcept { return clone_process(0); }

int fork_plain() noexcept { return clone_process(SIGCHLD); }

void reap_hidden(int pid) noexcept {
  while (waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {
  }
}

Descriptor own_end() { return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0U))); }

const bool adopts_orphans = true;

void name_supervisor() noexcept { prctl(PR_SET_NAME, "portend-server"); }

void adopt_orphans() noexcept { prctl(PR_SET_CHILD_SUBREAPER, 1); }

// In Linux 5.9. Filters of containers may refuse it.
bool close_range_at_once([[maybe_unused]] unsigned first, [[maybe_unused]] unsigned last) noexcept {
#ifdef SYS_close_range
  return syscall(SYS_close_range, first, last, 0) == 0;
#else
  return false;
#endif
}

std::size_t children(std::span<int> room) noexcept {
  const int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 512> text;
  std::size_t count = 0;
  int number = 0;
  for (;;) {
    const auto size = read(file, text.data(), text.size());
    if (size <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      if (text[i] >= '0' && text[i] <= '9') {
        number = number * 10 + (text[i] - '0');
      } else if (number != 0) {
        if (count < room.size()) room[count++] = number;
        number = 0;
      }
    }
  }
  close(file);
  return count;
}

void end_with_parent(int parent) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
}

}  // namespace portend::os
