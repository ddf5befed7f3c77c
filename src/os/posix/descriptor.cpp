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
    // Do not retry on EINTR: the number is already released (close(2)), and another thread may have it.
    ::close(fd_);
    errno = before;
  }
  fd_ = fd;
}

int duplicate_at_top(const Descriptor& descriptor) {
  // Higher numbers cost the kernel much memory for all numbers below them, and make select(2) fail.
  constexpr std::size_t most = 1024;
  const auto end = static_cast<int>(std::min(descriptor_limit(), most));
  for (int number = end - 1; number >= 0; --number) {
    if (fcntl(number, F_GETFD) >= 0) continue;
    Descriptor copy(fcntl(descriptor.get(), F_DUPFD, number));  // another thread may have taken the number
    if (!copy) throw_system_error("no free descriptor for a socket to be inherited");
    if (copy.get() < end) return copy.release();
  }
  throw_system_error(EMFILE, "no free descriptor for a socket to be inherited");
}

}  // namespace portend::os
