// SPDX-License-Identifier: MIT
#include "wait/pace.hpp"

#include <algorithm>
#include <cmath>

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// What connecting to a closed port of this machine costs; measured.
constexpr os::Duration cost_of_near_attempt = 14us;
constexpr int share_of_processor = 50;  // a 50th: 2 %

}  // namespace

os::Duration Pace::bounded(os::Duration pause) const {
  pause = std::max(pause, settings_.shortest);
  return settings_.longest > 0us ? std::min(pause, settings_.longest) : pause;
}

os::Duration Pace::near_arrival(os::Duration waited) const {
  // Looks cost what their number is, lateness what their distance is. In a short wait both are
  // least where the distance grows with the square root of the time; then an 85th of it is at
  // most 1.2 % late. From 9 ms on being late is no matter, but in a wait of minutes the looks
  // would add up: there a 2000th goes on growing.
  const std::chrono::duration<double> seconds = waited;
  const auto root = std::chrono::duration_cast<os::Duration>(4.6ms * std::sqrt(seconds.count()));
  const auto soon = std::clamp<os::Duration>(std::max(root, waited / 85), 200us, 9ms);
  return bounded(std::max(soon, std::min<os::Duration>(waited / 2000, 50ms)));
}

os::Duration Pace::near_departure() const { return bounded(250ms); }

os::Duration Pace::disbelief(os::Duration waited, std::size_t places) const {
  const auto all = cost_of_near_attempt * share_of_processor * static_cast<std::int64_t>(places);
  return std::max<os::Duration>(
      {std::clamp<os::Duration>(waited / 16, 20ms, 250ms), all, settings_.shortest});
}

os::Duration Pace::far_refusal(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 64, 5ms, 250ms));
}

os::Duration Pace::far_departure(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 32, 20ms, 1s));
}

os::Duration Pace::silence(os::Duration waited) const {
  const auto step = bounded(std::clamp<os::Duration>(waited / 32, 100ms, 250ms));
  return std::max(step, settings_.attempt_limit / static_cast<int>(most_attempts_at_a_place));
}

os::Duration Pace::name_retry(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 8, 50ms, 1s));
}

os::Duration Pace::name_refresh(os::Duration waited) { return std::clamp<os::Duration>(waited / 2, 1s, 10s); }

}  // namespace portend::wait
