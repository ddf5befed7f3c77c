// SPDX-License-Identifier: MIT
// Connections to this machine itself, which are decided in microseconds as a rule.
#pragma once

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"

namespace portend::os {

/// Connects a socket of connecting_socket(), and waits for the outcome: `pending` if there is none at
/// `until`.
Connecting connect_until(const Descriptor& socket, const Endpoint& to, Instant until);

/// Accepts the connection of `client`, and drops those of others that came before it. Empty where it does not
/// come until then. The listener must not block.
Descriptor accept_from(const Descriptor& listener, const Descriptor& client, Instant until);

}  // namespace portend::os
