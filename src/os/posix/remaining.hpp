// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

#include "os/time.hpp"

namespace portend::os {

/// The time until a deadline, for poll(2): rounded up to milliseconds; 0 if it has passed.
inline int remaining_ms(Instant until) {
  using namespace std::chrono;
  constexpr milliseconds longest(std::numeric_limits<int>::max());
  const auto left = std::max(until - Clock::now(), Duration::zero());
  return left >= longest ? std::numeric_limits<int>::max()
                         : static_cast<int>(ceil<milliseconds>(left).count());
}

}  // namespace portend::os
