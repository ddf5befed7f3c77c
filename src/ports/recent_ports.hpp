// SPDX-License-Identifier: MIT
// Ports that were given by number a short while ago: the caller may not have bound its port yet.
#pragma once

#include <cstdint>
#include <span>

#include "os/time.hpp"

namespace portend::ports {

inline constexpr os::Duration recent = std::chrono::seconds(15);

/// Whether this process was given the port by remember_given less than 15 seconds before `now`.
bool was_given_recently(std::uint16_t port, os::Instant now) noexcept;

/// The last 32 are remembered.
void remember_given(std::span<const std::uint16_t> ports, os::Instant now) noexcept;

}  // namespace portend::ports
