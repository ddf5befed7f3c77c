// SPDX-License-Identifier: MIT
#include "ports/recent_ports.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace portend::ports {

namespace {

/// Milliseconds and a port in one atomic word each, because a fork could leave a lock locked.
std::array<std::atomic<std::uint64_t>, 32> given{};
std::atomic<std::uint32_t> next = 0;

std::uint64_t milliseconds(os::Instant moment) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch());
  return static_cast<std::uint64_t>(since.count());
}

}  // namespace

bool was_given_recently(std::uint16_t port, os::Instant now) noexcept {
  constexpr auto length = std::chrono::duration_cast<std::chrono::milliseconds>(recent).count();
  const auto now_ms = milliseconds(now);
  return std::ranges::any_of(given, [&](const auto& entry) {
    const auto value = entry.load(std::memory_order_relaxed);
    return value != 0 && (value & 0xffff) == port && now_ms - (value >> 16) < length;
  });
}

void remember_given(std::span<const std::uint16_t> ports, os::Instant now) noexcept {
  for (const auto port : ports) {
    given[next.fetch_add(1, std::memory_order_relaxed) % given.size()] = milliseconds(now) << 16 | port;
  }
}

void forget_given(std::uint16_t port) noexcept {
  for (auto& entry : given) {
    auto value = entry.load(std::memory_order_relaxed);
    if ((value & 0xffff) == port) entry.compare_exchange_strong(value, 0, std::memory_order_relaxed);
  }
}

}  // namespace portend::ports
