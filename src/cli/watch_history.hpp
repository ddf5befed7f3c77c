// SPDX-License-Identifier: MIT
// The history of watched targets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

/// unknown, occupied, free: watched targets have no other states.
inline constexpr std::size_t watched_states = 3;

struct WatchedTarget {
  Target target;
  portend_state state = PORTEND_STATE_UNKNOWN;
  portend_reason reason = PORTEND_REASON_NONE;
  std::string address;
  std::int64_t since_realtime_ns = 0;  // 0 while the state is unknown
  std::int64_t since_monotonic_ns = 0;
  std::int64_t changes = 0;  // from one known state to another
  /// The time in each state up to the last change: in total, and in the last period.
  std::array<std::int64_t, watched_states> total_ns{};
  std::array<std::int64_t, watched_states> last_period_ns{};
};

class WatchHistory {
 public:
  WatchHistory(const std::vector<Target>& targets, std::int64_t now_monotonic_ns);

  void record(const portend_event& event);

  /// Records why the state of a target is unknown, which makes no event.
  void record_reason(int target, portend_reason reason);

  [[nodiscard]] const std::vector<WatchedTarget>& targets() const { return targets_; }

 private:
  std::vector<WatchedTarget> targets_;
};

/// The clock of portend_event::monotonic_ns.
std::int64_t monotonic_now_ns();

}  // namespace portend::cli
