// SPDX-License-Identifier: MIT
// What has been seen of the targets that are watched.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

/// unknown, occupied, free: a target that is watched has no other states.
inline constexpr std::size_t watched_states = 3;

struct WatchedTarget {
  Target target;
  portend_state state = PORTEND_STATE_UNKNOWN;
  portend_reason reason = PORTEND_REASON_NONE;
  std::string address;
  std::int64_t since_realtime_ns = 0;  // 0 while the state is unknown
  std::int64_t since_monotonic_ns = 0;
  std::int64_t changes = 0;  // from one known state to another
  /// How long it was in each state, up to its last change: in all, and in the last period.
  std::array<std::int64_t, watched_states> total_ns{};
  std::array<std::int64_t, watched_states> last_period_ns{};
};

class WatchHistory {
 public:
  WatchHistory(const std::vector<Target>& targets, std::int64_t now_monotonic_ns);

  void record(const portend_event& event);

  /// Why nothing is known of a target, which makes no event.
  void record_reason(int target, portend_reason reason);

  [[nodiscard]] const std::vector<WatchedTarget>& targets() const { return targets_; }

 private:
  std::vector<WatchedTarget> targets_;
};

/// The clock of portend_event::monotonic_ns.
std::int64_t monotonic_now_ns();

}  // namespace portend::cli
