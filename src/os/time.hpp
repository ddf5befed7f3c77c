// SPDX-License-Identifier: MIT
// Moments and durations on a monotonic clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace portend::os {

/// CLOCK_MONOTONIC (clock_gettime(2)) as a clock of <chrono>. Not std::chrono::steady_clock, so that tests
/// can replace it.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept;
};

using Instant = Clock::time_point;
using Duration = Clock::duration;
using Calendar = std::chrono::sys_time<std::chrono::nanoseconds>;

/// The time of day, which may be changed at any time.
Calendar calendar_now() noexcept;

inline constexpr Instant never = Instant::max();

/// Returns `start + length`, or `never` if the clock cannot represent the sum.
constexpr Instant saturating_add(Instant start, Duration length) {
  return length >= never - start ? never : start + length;
}

/// Returns the end of a timeout in milliseconds; `never` for a negative timeout.
constexpr Instant deadline(Instant start, std::int64_t timeout_ms) {
  constexpr auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(Duration::max());
  if (timeout_ms < 0 || timeout_ms >= longest.count()) return never;
  return saturating_add(start, std::chrono::milliseconds(timeout_ms));
}

}  // namespace portend::os
