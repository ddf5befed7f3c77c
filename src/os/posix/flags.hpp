// SPDX-License-Identifier: MIT
// Flags of descriptors, where the calls that make descriptors do not take them.
#pragma once

#include <fcntl.h>

#include "os/posix/new_socket.hpp"

namespace portend::os {

/// Makes a descriptor close-on-exec and, on request, non-blocking. False, with errno, if that is refused:
/// then it must not be used, since a descriptor that blocks, or that a program inherits, could stop a wait
/// for ever.
inline bool set_flags(int fd, Blocking blocking) noexcept {
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return false;
  return blocking == Blocking::yes || fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

}  // namespace portend::os
