// SPDX-License-Identifier: MIT
// How long to wait until the next probe. The interval is proportional to the time already waited, so that a
// short wait is precise and a long one is cheap. The caller may bound all intervals.
#pragma once

#include <cstddef>

#include "os/time.hpp"
#include "wait/settings.hpp"

namespace portend::wait {

class Backoff {
 public:
  explicit Backoff(const Settings& settings) : settings_(settings) {}

  /// Reads the socket table again for a listener on an address of this machine.
  [[nodiscard]] os::Duration local_poll(os::Duration waited) const;

  /// Connects again to an address of this machine if only a connection can tell. All candidates of an engine
  /// together use a quarter of a processor: more would delay their deadlines.
  [[nodiscard]] os::Duration local_connect_poll(os::Duration waited, std::size_t candidates) const;

  /// Looks for a listener that was shut down but not closed. The kernel reports other listeners that close.
  [[nodiscard]] os::Duration local_departure_poll() const;

  /// Verifies "no listener" in the socket table by connecting. All candidates of an engine together use at
  /// most 2 % of a processor. `phase` is between 0 and 1 and differs between candidates, so that the
  /// connections of thousands do not coincide and delay a deadline.
  [[nodiscard]] os::Duration closed_recheck(os::Duration waited, std::size_t candidates, double phase) const;

  /// Tries again to bind a port, or lists its connections again.
  [[nodiscard]] os::Duration usage_poll(os::Duration waited) const;

  /// Connects again after another machine has refused.
  [[nodiscard]] os::Duration remote_refused(os::Duration waited) const;

  /// Connects again to a remote server that is expected to close: at most 20 connections in the first three
  /// seconds, and then one per second. No setting shortens this interval.
  [[nodiscard]] os::Duration remote_occupied(os::Duration waited) const;

  /// Connects again after a connection did not stay open, or belonged to another owner.
  [[nodiscard]] os::Duration unstable_retry(os::Duration waited) const;

  /// Starts a further attempt beside one that has no answer yet.
  [[nodiscard]] os::Duration parallel_attempt(os::Duration waited) const;

  /// Looks a name up again after a temporary failure, or after the name did not exist.
  [[nodiscard]] os::Duration name_retry(os::Duration waited) const;

  /// Looks a name up again after success, since its addresses may change.
  [[nodiscard]] static os::Duration name_refresh(os::Duration waited);

 private:
  [[nodiscard]] os::Duration bounded(os::Duration interval) const;

  const Settings& settings_;
};

/// The limit on attempts under way at one candidate.
inline constexpr std::size_t most_parallel_attempts = 16;

}  // namespace portend::wait
