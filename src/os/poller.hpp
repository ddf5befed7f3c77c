// SPDX-License-Identifier: MIT
// Sleeps until a descriptor is ready or a deadline has passed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "os/time.hpp"

namespace portend::os {

class Poller {
 public:
  /// The caller's number for a watched descriptor.
  using Token = std::uint64_t;
  enum class Interest : std::uint8_t { readable, writable };

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void watch(int fd, Interest interest, Token token);

  /// Must be called before the descriptor is closed. A child that was forked meanwhile has a copy, which
  /// would keep the watch alive.
  void forget(int fd) noexcept;

  /// Waits until a watched descriptor is ready, and returns the tokens of all that are. Empty if `until` has
  /// passed; nullopt if a signal came first. The tokens are valid until the next call.
  std::optional<std::span<const Token>> wait(Instant until);

  /// The tokens of all descriptors that are ready now.
  std::span<const Token> poll();

  /// Whether descriptor() returns a descriptor.
  static bool has_descriptor() noexcept;

  /// A descriptor that is readable if poll() would return a token, or if `until` has passed. -1 if the system
  /// has no such descriptor.
  int descriptor(Instant until);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace portend::os
