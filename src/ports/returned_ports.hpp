// SPDX-License-Identifier: MIT
// Ports that a port server gave to this process, and those of them that the process returned. A port server
// takes no port back before the process has ended.
#pragma once

#include <cstdint>
#include <optional>

namespace portend::ports {

/// Takes note that a port server gave the port.
void remember_served(std::uint16_t port) noexcept;

/// Makes a port of a port server available to take_returned(). Other ports stay as they are.
void put_back(std::uint16_t port) noexcept;

/// The first returned port from a number on. It is not available any more.
std::optional<std::uint16_t> take_returned(std::uint32_t from) noexcept;

}  // namespace portend::ports
