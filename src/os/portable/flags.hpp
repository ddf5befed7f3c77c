// SPDX-License-Identifier: MIT
// Flags of descriptors, where the calls that make descriptors do not take them.
#pragma once

#include <fcntl.h>

#include "os/posix/new_socket.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

/// Makes a descriptor close-on-exec and, on request, non-blocking. Throws if that is refused: a descriptor
/// that blocks could stop a wait for ever.
inline void set_flags(int fd, Blocking blocking) {
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw_system_error("fcntl");
  if (blocking == Blocking::no && fcntl(fd, F_SETFL, O_NONBLOCK) != 0) throw_system_error("fcntl");
}

}  // namespace portend::os
