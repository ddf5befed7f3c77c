// SPDX-License-Identifier: MIT
// Goals, states, reasons and findings: what is wanted of a target, what is known of it, and why.
#pragma once

#include <cstdint>

namespace portend::wait {

/// What the caller wants of a target. `watch` has no end.
enum class Goal : std::uint8_t { occupied, free, bindable, drained, watch };

enum class State : std::uint8_t { unknown, occupied, free, bindable, drained };

enum class Reason : std::uint8_t {
  none,
  accepted,
  refused,
  silent,
  unreachable,
  unresolved,
  backlog_full,
  listening,
  forbidden,
  other_owner,
  closed_early,
  in_use,
  connected,
  bindable,
  drained,
  not_listening,
};

/// What a reason says about the state of one candidate. `absent`: this machine has no such address, or
/// refuses sockets of its family; the candidate does not count.
enum class Verdict : std::uint8_t { undecided, occupied, free, bindable, drained, absent };

/// What a probe found out about a candidate.
struct Finding {
  Reason reason = Reason::none;
  Verdict verdict = Verdict::undecided;
  std::uint16_t error = 0;  // errno, if a policy of this system refused the probe

  bool operator==(const Finding&) const = default;
};

/// Whether an address belongs to this network namespace. If it does, connect(2) has an answer when it
/// returns.
enum class Locality : std::uint8_t { local, remote };

constexpr State state_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::occupied:
      return State::occupied;
    case Verdict::free:
      return State::free;
    case Verdict::bindable:
      return State::bindable;
    case Verdict::drained:
      return State::drained;
    case Verdict::undecided:
    case Verdict::absent:
      break;
  }
  return State::unknown;
}

constexpr bool satisfies(State state, Goal goal) {
  switch (goal) {
    case Goal::occupied:
      return state == State::occupied;
    case Goal::free:
      return state == State::free;
    case Goal::bindable:
      return state == State::bindable;
    case Goal::drained:
      return state == State::drained;
    case Goal::watch:
      break;
  }
  return false;
}

/// Whether a goal concerns the sockets of this machine, which connecting cannot show.
constexpr bool needs_socket_table(Goal goal) { return goal == Goal::bindable || goal == Goal::drained; }

}  // namespace portend::wait
