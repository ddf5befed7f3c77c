// SPDX-License-Identifier: MIT
#include "watch_history.hpp"

#include <ctime>

namespace portend::cli {

WatchHistory::WatchHistory(const std::vector<Target>& targets, std::int64_t now_monotonic_ns) {
  for (const auto& target : targets) {
    auto& watched = targets_.emplace_back();
    watched.target = target;
    watched.since_monotonic_ns = now_monotonic_ns;
  }
}

void WatchHistory::record(const portend_event& event) {
  auto& watched = targets_[static_cast<std::size_t>(event.target)];
  const auto state = static_cast<std::size_t>(watched.state);
  const auto period = event.monotonic_ns - watched.since_monotonic_ns;
  watched.total_ns[state] += period;
  watched.last_period_ns[state] = period;
  if (watched.state != PORTEND_STATE_UNKNOWN) ++watched.changes;
  watched.state =
      static_cast<std::size_t>(event.state) < watched_states ? event.state : PORTEND_STATE_UNKNOWN;
  watched.reason = event.reason;
  watched.address = event.address;
  watched.since_realtime_ns = event.realtime_ns;
  watched.since_monotonic_ns = event.monotonic_ns;
}

void WatchHistory::record_reason(int target, portend_reason reason) {
  targets_[static_cast<std::size_t>(target)].reason = reason;
}

std::int64_t monotonic_now_ns() {
  std::timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace portend::cli
