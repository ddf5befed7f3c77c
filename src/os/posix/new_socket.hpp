// SPDX-License-Identifier: MIT
// What differs between systems about making a socket and about how a connect goes on. One
// implementation in each system's folder.
#pragma once

#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::os {

enum class Blocking : bool { no, yes };

/// socket(2) with close-on-exec; empty, with errno, where it is refused.
Descriptor new_socket(int domain, int type, Blocking blocking) noexcept;

/// accept(2) with close-on-exec; empty, with errno, where there is no connection.
Descriptor accept_connection(const Descriptor& listener) noexcept;
/// Holds back the last step of the handshake of the next connect, where the system can.
void delay_acknowledgment(const Descriptor& socket) noexcept;

/// 0 when the connect that was begun has succeeded, else errno: EINPROGRESS or EALREADY
/// while it is under way.
int connect_progress(const Descriptor& socket, const Endpoint& to) noexcept;

}  // namespace portend::os
