// SPDX-License-Identifier: MIT
// How sockets are made and how a connect proceeds, if systems differ in it. Each system's folder has an
// implementation.
#pragma once

#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::os {

enum class Blocking : bool { no, yes };

/// Calls socket(2) with close-on-exec. Empty, with errno, if it is refused.
Descriptor new_socket(int domain, int type, Blocking blocking);

/// Calls accept(2) with close-on-exec. Empty, with errno, if there is no connection.
Descriptor accept_connection(const Descriptor& listener);

/// Delays the last step of the handshake of the next connect, if the system can do that.
void delay_acknowledgment(const Descriptor& socket) noexcept;

/// Returns 0 if the connect that was started has succeeded, and otherwise an errno: EINPROGRESS or EALREADY
/// while it is under way.
int connect_progress(const Descriptor& socket, const Endpoint& to) noexcept;

}  // namespace portend::os
