// SPDX-License-Identifier: MIT
#include <time.h>

#include "os/time.hpp"

namespace portend::os {

namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

Instant Clock::now() noexcept { return Instant(read_clock(CLOCK_MONOTONIC)); }

Calendar calendar_now() noexcept { return Calendar(read_clock(CLOCK_REALTIME)); }

}  // namespace portend::os
