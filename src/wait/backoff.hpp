// SPDX-License-Identifier: MIT
// How long to wait until the next probe. The interval is in proportion to the time already waited,
// so that a short wait is exact and a long one is cheap. The caller may bound all intervals.
#pragma once

#include <cstddef>

#include "os/time.hpp"
#include "wait/settings.hpp"

namespace portend::wait {

class Backoff {
 public:
  explicit Backoff(const Settings& settings) : settings_(settings) {}

  /// The socket table is read again for a listener on an address of this machine.
  [[nodiscard]] os::Duration local_poll(os::Duration waited) const;

  /// The kernel gives notice when a listener closes. This interval is for what it does not tell:
  /// a listener that was shut down but not closed.
  [[nodiscard]] os::Duration local_departure_poll() const;

  /// "No listener" in the socket table is verified by connecting. All candidates of a wait
  /// together get 2 % of a processor for that.
  [[nodiscard]] os::Duration closed_recheck(os::Duration waited, std::size_t candidates) const;

  /// A port is tried for whether it can be bound, or its connections are listed.
  [[nodiscard]] os::Duration usage_poll(os::Duration waited) const;

  /// Another machine refused the connection.
  [[nodiscard]] os::Duration remote_refused(os::Duration waited) const;

  /// A server is waited for to leave, and only connecting tells: at most 20 connections in the
  /// first three seconds, and then one a second. No setting makes it faster.
  [[nodiscard]] os::Duration remote_occupied(os::Duration waited) const;

  /// A connection was accepted and did not stay open, or belongs to another owner.
  [[nodiscard]] os::Duration unstable_retry(os::Duration waited) const;

  /// An attempt is without an answer: a further one starts beside it.
  [[nodiscard]] os::Duration parallel_attempt(os::Duration waited) const;

  /// The resolver failed for the moment, or the name does not exist yet.
  [[nodiscard]] os::Duration name_retry(os::Duration waited) const;

  /// A name was found; its addresses may change.
  [[nodiscard]] static os::Duration name_refresh(os::Duration waited);

 private:
  [[nodiscard]] os::Duration bounded(os::Duration pause) const;

  const Settings& settings_;
};

/// No more attempts than this are under way at one candidate.
inline constexpr std::size_t most_parallel_attempts = 16;

}  // namespace portend::wait
