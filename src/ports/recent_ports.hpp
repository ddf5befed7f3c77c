// SPDX-License-Identifier: MIT
// Remembers ports that were recently returned by number: the caller may not have bound them yet.
#pragma once

#include <cstdint>
#include <span>

#include "os/time.hpp"

namespace portend::ports {

inline constexpr os::Duration recent = std::chrono::seconds(15);

/// Whether remember_given() recorded the port less than 15 seconds before `now`, in this process.
bool was_given_recently(std::uint16_t port, os::Instant now) noexcept;

/// Records ports. Keeps the last 32.
void remember_given(std::span<const std::uint16_t> ports, os::Instant now) noexcept;

/// Makes was_given_recently() false for the port.
void forget_given(std::uint16_t port) noexcept;

}  // namespace portend::ports
