// SPDX-License-Identifier: MIT
#include "os/wakeup.hpp"

#include <sys/eventfd.h>

#include "os/posix/system_error.hpp"

namespace portend::os {

Wakeup::Wakeup() : reading_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!reading_) throw_system_error("eventfd");
}

void Wakeup::raise() const noexcept {
  const int before = errno;
  eventfd_write(reading_.get(), 1);
  errno = before;
}

void Wakeup::clear() const noexcept {
  eventfd_t count = 0;
  eventfd_read(reading_.get(), &count);
}

}  // namespace portend::os
