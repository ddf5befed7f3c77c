// SPDX-License-Identifier: MIT
// Decides what to do after an observation: plain functions from what is known and what was seen to an action.
// They have no sockets, no clock and no state; the engine applies the action. The tables in policy.cpp are
// the complete policy of a wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "os/socket_table.hpp"
#include "os/time.hpp"
#include "probe/dialer.hpp"
#include "wait/backoff.hpp"
#include "wait/settings.hpp"
#include "wait/state.hpp"

namespace portend::wait::policy {

/// What is known of a candidate before an observation.
struct Situation {
  Goal goal = Goal::watch;
  Locality locality = Locality::remote;
  Evidence evidence = Evidence::automatic;
  bool needs_connection = false;  // required by the evidence, or by a stable time
  bool once = false;              // a single probe: nothing is retried

  os::Listening listing = os::Listening::unknown;  // the last entry in the socket table
  Reason reason = Reason::none;                    // of the last finding
  bool accepted = false;                           // a connection was accepted and none refused since
  std::size_t silent_attempts = 0;                 // in a row, with the one that is reported
  os::Duration silent_for{0};                      // since the first of them began
  std::size_t attempts = 0;                        // under way
  bool connect_planned = false;
  os::Duration connect_due_in{0};  // if one is planned

  os::Duration waited{0};      // since the state of the target last changed
  std::size_t candidates = 1;  // of all waits of the engine, which share the cost of rechecks
  double phase = 0;            // between 0 and 1, differs between candidates
};

/// When the next attempt starts.
struct Plan {
  enum class Kind : std::uint8_t { unchanged, never, after } kind = Kind::unchanged;
  os::Duration delay{0};

  bool operator==(const Plan&) const = default;
};

inline constexpr Plan unchanged{};
inline constexpr Plan never{.kind = Plan::Kind::never};
constexpr Plan after(os::Duration delay) { return {.kind = Plan::Kind::after, .delay = delay}; }
inline constexpr Plan at_once = after(os::Duration::zero());

struct Action {
  std::optional<Finding> record{};
  Plan connect{};
  bool drop_attempts = false;  // close all that are under way
  bool keep_attempt = false;   // let the silent attempt continue

  bool operator==(const Action&) const = default;
};

/// What the socket table shows of a candidate.
enum class Sight : std::uint8_t {
  unknown,
  no_listener,
  listening,
  backlog_full,
  bindable,
  in_use,
  forbidden,
  absent,
  connected,
  drained,
};

constexpr Sight sight_of(os::Listening listing) {
  switch (listing) {
    case os::Listening::no:
      return Sight::no_listener;
    case os::Listening::yes:
      return Sight::listening;
    case os::Listening::backlog_full:
      return Sight::backlog_full;
    case os::Listening::unknown:
      break;
  }
  return Sight::unknown;
}

/// What a sight says about a listener, if anything.
constexpr std::optional<os::Listening> listing_of(Sight sight) {
  switch (sight) {
    case Sight::no_listener:
      return os::Listening::no;
    case Sight::listening:
      return os::Listening::yes;
    case Sight::backlog_full:
      return os::Listening::backlog_full;
    case Sight::unknown:
      return os::Listening::unknown;
    default:
      return {};
  }
}

/// How a new candidate is probed first.
enum class FirstProbe : std::uint8_t { socket_table, connection };
FirstProbe first_probe(const Situation& known);

/// The socket table was read.
Action on_sighting(const Situation& known, Sight sight, const Backoff& backoff);

/// An attempt got an answer.
Action on_answer(const Situation& known, const probe::Answer& answer, const Backoff& backoff);

/// An attempt has started and has no answer yet.
Action on_pending(const Situation& known, const Backoff& backoff);

/// An attempt has reached its limit without an answer.
Action on_silence(const Situation& known, const Backoff& backoff);

/// The other side closed or reset a connection before it counted as stable.
Action on_closed_early(const Situation& known, const Backoff& backoff);

/// A listener or a connection belongs to another owner than the required one.
Action on_other_owner(const Situation& known, const Backoff& backoff);

}  // namespace portend::wait::policy
