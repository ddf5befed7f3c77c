// SPDX-License-Identifier: MIT
#include "os/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/posix/system_error.hpp"
#include "os/thread.hpp"

namespace portend::os {

void Descriptor::reset(int fd) noexcept {
  if (fd_ >= 0) {
    const int before = errno;
    // Not again on EINTR: the descriptor is gone (close(2)), and may be another thread's.
    ::close(fd_);
    errno = before;
  }
  fd_ = fd;
}

int duplicate_at_top(const Descriptor& descriptor) {
  // Beyond this the kernel needs much memory for the numbers below, and select(2) fails.
  constexpr std::size_t most = 1024;
  auto lowest = static_cast<int>(std::min(descriptor_limit(), most));
  while (lowest-- > 0) {
    const int copy = fcntl(descriptor.get(), F_DUPFD, lowest);
    if (copy >= 0) return copy;
    if (errno != EMFILE && errno != EINTR) break;
  }
  throw_system_error("no descriptor to inherit a socket by");
}

}  // namespace portend::os
