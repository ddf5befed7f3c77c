// SPDX-License-Identifier: MIT
#include "wait/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// The measured cost of connecting to a closed port of this machine.
constexpr os::Duration local_attempt_cost = 14us;
constexpr int recheck_share = 50;  // a 50th: 2 %
constexpr int poll_share = 4;      // a quarter

os::Duration cost_of_attempts(std::size_t candidates) {
  return local_attempt_cost * static_cast<std::int64_t>(candidates);
}

}  // namespace

os::Duration Backoff::bounded(os::Duration interval) const {
  interval = std::max(interval, settings_.shortest);
  return settings_.longest > 0us ? std::min(interval, settings_.longest) : interval;
}

os::Duration Backoff::local_poll(os::Duration waited) const {
  // Lateness grows with the interval and cost falls with it; their product is constant. So only one of them
  // can be bounded. For waits up to a quarter of a second, a constant beats an interval that grows
  // (measured), apart from the first milliseconds. Above 9 ms the lateness no longer matters, but in a wait
  // of minutes the cost of the probes would add up. So a 2000th of the time waited is the lower bound.
  const std::chrono::duration<double> seconds = waited;
  const auto root = std::chrono::duration_cast<os::Duration>(4.6ms * std::sqrt(seconds.count()));
  const auto early = waited < 8ms ? std::clamp<os::Duration>(root, 200us, 750us) : 750us;
  const auto later = waited < 250ms ? 0ms : std::clamp<os::Duration>(waited / 85, 3ms, 9ms);
  return bounded(std::max<os::Duration>({early, later, std::min<os::Duration>(waited / 2000, 50ms)}));
}

os::Duration Backoff::local_connect_poll(os::Duration waited, std::size_t candidates) const {
  return bounded(std::max<os::Duration>(local_poll(waited), cost_of_attempts(candidates) * poll_share));
}

os::Duration Backoff::local_departure_poll() const { return bounded(250ms); }

os::Duration Backoff::closed_recheck(os::Duration waited, std::size_t candidates, double phase) const {
  const auto one = std::clamp<os::Duration>(waited / 16, 20ms, 250ms);
  const auto all =
      std::chrono::duration_cast<os::Duration>(cost_of_attempts(candidates) * recheck_share * (1 + phase));
  return std::max<os::Duration>({one, all, settings_.shortest});
}

os::Duration Backoff::usage_poll(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 32, 5ms, 250ms));
}

os::Duration Backoff::remote_refused(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 64, 5ms, 250ms));
}

os::Duration Backoff::remote_occupied(os::Duration waited) const {
  const auto interval = waited < 3s ? std::clamp<os::Duration>(waited / 4, 50ms, 1s) : os::Duration(1s);
  return std::max(interval, settings_.shortest);
}

os::Duration Backoff::unstable_retry(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 16, 50ms, 1s));
}

os::Duration Backoff::parallel_attempt(os::Duration waited) const {
  const auto step = bounded(std::clamp<os::Duration>(waited / 32, 100ms, 250ms));
  return std::max(step, settings_.attempt_limit / static_cast<int>(most_parallel_attempts));
}

os::Duration Backoff::name_retry(os::Duration waited) const {
  return bounded(std::clamp<os::Duration>(waited / 8, 50ms, 1s));
}

os::Duration Backoff::name_refresh(os::Duration waited) {
  return std::clamp<os::Duration>(waited / 2, 1s, 10s);
}

}  // namespace portend::wait
