// SPDX-License-Identifier: MIT
#include "os/wakeup.hpp"

#include <unistd.h>

#include <array>

#include "os/posix/flags.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

Wakeup::Wakeup() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw_system_error("pipe");
  reading_.reset(ends[0]);
  writing_.reset(ends[1]);
  for (const int end : ends) {
    if (!set_flags(end, Blocking::no)) throw_system_error("fcntl");
  }
}

void Wakeup::raise() const noexcept {
  const int before = errno;
  // If the pipe is full, it is already readable.
  [[maybe_unused]] const auto written = write(writing_.get(), "", 1);
  errno = before;
}

void Wakeup::clear() const noexcept {
  std::array<char, 64> calls{};
  while (read(reading_.get(), calls.data(), calls.size()) > 0) {
  }
}

}  // namespace portend::os
