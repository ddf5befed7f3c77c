// SPDX-License-Identifier: MIT
// When to look next. A pause is in proportion to the time already waited, so that a short
// wait is exact and a long one is cheap: each kind of look has a share of that time, a floor
// and a ceiling, and the caller may bound them all.
#pragma once

#include <cstddef>

#include "os/time.hpp"
#include "wait/settings.hpp"

namespace portend::wait {

class Pace {
 public:
  explicit Pace(const Settings& settings) : settings_(settings) {}

  /// Somebody is awaited on an address of this machine.
  [[nodiscard]] os::Duration near_arrival(os::Duration waited) const;

  /// Somebody is to leave an address of this machine, and the kernel tells when: this is for
  /// what it does not tell (a listener that was shut down and not closed).
  [[nodiscard]] os::Duration near_departure() const;

  /// The kernel's table says that nobody listens: how long until it is not believed, where
  /// `places` addresses are in that case. All of them together get 2 % of a processor.
  [[nodiscard]] os::Duration disbelief(os::Duration waited, std::size_t places) const;

  /// Another machine answered that nobody listens.
  [[nodiscard]] os::Duration far_refusal(os::Duration waited) const;

  /// Somebody listens and is to leave, and only connecting to him tells.
  [[nodiscard]] os::Duration far_departure(os::Duration waited) const;

  /// No answer: a further attempt, beside those that are under way.
  [[nodiscard]] os::Duration silence(os::Duration waited) const;

  /// The resolver failed for the moment, or the name is not there yet.
  [[nodiscard]] os::Duration name_retry(os::Duration waited) const;

  /// The name was found, but what it stands for may have moved.
  [[nodiscard]] static os::Duration name_refresh(os::Duration waited);

 private:
  [[nodiscard]] os::Duration bounded(os::Duration pause) const;

  const Settings& settings_;
};

/// More attempts at one address are not under way at a time.
inline constexpr std::size_t most_attempts_at_a_place = 16;

}  // namespace portend::wait
