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
  const auto end = static_cast<int>(std::min(descriptor_limit(), most));
  for (int number = end - 1; number >= 0; --number) {
    if (fcntl(number, F_GETFD) >= 0) continue;
    Descriptor copy(fcntl(descriptor.get(), F_DUPFD, number));  // another thread may have been faster
    if (!copy) throw_system_error("no descriptor to inherit a socket by");
    if (copy.get() < end) return copy.release();
  }
  throw_system_error(EMFILE, "no descriptor to inherit a socket by");
}

}  // namespace portend::os
