// SPDX-License-Identifier: MIT
// Moments and durations on the clock that never jumps.
#pragma once

#include <chrono>
#include <cstdint>

namespace portend::os {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using Duration = Clock::duration;

inline constexpr Instant never = Instant::max();

/// `start + length`, and `never` where that is beyond what the clock can say.
constexpr Instant saturating_add(Instant start, Duration length) {
  return length >= never - start ? never : start + length;
}

/// The end of a timeout in milliseconds; a negative one never ends.
constexpr Instant deadline(Instant start, std::int64_t timeout_ms) {
  constexpr auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(Duration::max());
  if (timeout_ms < 0 || timeout_ms >= longest.count()) return never;
  return saturating_add(start, std::chrono::milliseconds(timeout_ms));
}

}  // namespace portend::os
