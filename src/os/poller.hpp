// SPDX-License-Identifier: MIT
// Sleeps until a descriptor is ready or a moment has come.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "os/time.hpp"

namespace portend::os {

class Poller {
 public:
  /// What a descriptor was watched under.
  using Token = std::uint64_t;
  enum class Interest : std::uint8_t { readable, writable };

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  Poller(Poller&&) noexcept;
  Poller& operator=(Poller&&) noexcept;

  void watch(int fd, Interest interest, Token token);

  /// To be called before the descriptor is closed: a child that was forked meanwhile has
  /// a copy, and would keep the watch alive.
  void forget(int fd) noexcept;

  /// The tokens of all that is ready, at the latest at `until`. They are valid until the
  /// next call. Empty when the time has come; nullopt when a signal came first.
  std::optional<std::span<const Token>> wait(Instant until);

  /// The tokens of all that is ready now.
  std::span<const Token> poll();

  /// Whether descriptor() gives one.
  static bool has_descriptor() noexcept;

  /// One descriptor that is readable when poll() would find something, or when `until` has
  /// come; -1 where the system has no such thing.
  int descriptor(Instant until);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace portend::os
