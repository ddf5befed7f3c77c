// SPDX-License-Identifier: MIT
// Two ways to bind a port without serving it.
#pragma once

#include <cstdint>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::os {

/// The address that a guard binds, by family. No server binds it.
const Ip& guard_address(Family family) noexcept;

/// Binds a guard: a TCP socket at guard_address, without SO_REUSEADDR. Connections that remain of a server do
/// not prevent it, since each has an address of its own. A socket that is bound to all addresses prevents it,
/// and so does another guard: of several processes that bind one, only one succeeds. `guard` is changed only
/// on success. no_address if this system does not permit such an address.
Binding bind_guard(Family family, std::uint16_t port, Descriptor& guard);

/// Makes a bound socket receive nothing any more. The port stays bound, and the sender of a datagram is told
/// that the port is unreachable. False if this system cannot do that.
bool stop_receiving(const Descriptor& socket) noexcept;

}  // namespace portend::os
