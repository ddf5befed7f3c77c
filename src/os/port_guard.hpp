// SPDX-License-Identifier: MIT
// Two ways to bind a port without serving on it.
#pragma once

#include <cstdint>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::os {

/// The address of a family that a guard is bound to. It is one that no server binds.
const Ip& guard_address(Family family) noexcept;

/// Binds a guard: a TCP socket at guard_address, without SO_REUSEADDR. Connections that are left of a server
/// do not hinder it, as each of them has an address of its own. A socket that is bound to all addresses does,
/// and so does another guard: of all that bind one first, only one goes on. `guard` is changed by success
/// alone. no_address where this system does not permit such an address.
Binding bind_guard(Family family, std::uint16_t port, Descriptor& guard);

/// Makes a bound socket receive nothing any more. The port stays bound, and the sender
/// of a datagram is told that it is unreachable. False where this system cannot.
bool stop_receiving(const Descriptor& socket) noexcept;

}  // namespace portend::os
