// SPDX-License-Identifier: MIT
// Connections from this machine to itself. Their outcome is usually known within microseconds.
#pragma once

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"

namespace portend::os {

/// Connects a socket of connecting_socket(), and waits until `until` for the outcome. Returns `pending` if
/// there is none by then.
Connecting connect_until(const Descriptor& socket, const Endpoint& to, Instant until);

/// Accepts the connection of `client`, and drops the connections that were accepted before it. Empty if the
/// connection does not come until `until`. The listener must be non-blocking.
Descriptor accept_from(const Descriptor& listener, const Descriptor& client, Instant until);

}  // namespace portend::os
