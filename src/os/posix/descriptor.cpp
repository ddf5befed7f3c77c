// SPDX-License-Identifier: MIT
#include "os/descriptor.hpp"

#include <unistd.h>

#include <cerrno>

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

}  // namespace portend::os
