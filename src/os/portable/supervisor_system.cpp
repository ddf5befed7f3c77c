// SPDX-License-Identifier: MIT
#include "os/posix/supervisor_system.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

// In POSIX.1-2024. Older systems have only fork().
#if !defined(__GLIBC__) || __GLIBC_MINOR__ < 34
extern "C" pid_t _Fork(void);
#endif
#pragma weak _Fork

namespace portend::os {

int fork_plain() noexcept { return _Fork != nullptr ? _Fork() : fork(); }

int fork_hidden() noexcept { return fork_plain(); }

void reap_hidden(int pid) noexcept {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Descriptor own_end() { return {}; }

const bool adopts_orphans = false;

void name_supervisor() noexcept {}

void adopt_orphans() noexcept {}

bool close_range_at_once(unsigned /*first*/, unsigned /*last*/) noexcept { return false; }

std::size_t children(std::span<int> /*room*/) noexcept { return 0; }

void end_with_parent(int /*parent*/) noexcept {}

}  // namespace portend::os
