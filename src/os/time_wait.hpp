// SPDX-License-Identifier: MIT
// TIME_WAIT (RFC 9293, section 3.6.1) as a means to keep a port from being handed out.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "os/address.hpp"

namespace portend::os {

/// How long a port stays in it.
extern const std::chrono::seconds time_wait_length;

/// Leaves the port in TIME_WAIT at each of the addresses that this machine has, by one connection to itself
/// each, closed first on the side of the port. The sockets that keep the port must have set SO_REUSEADDR.
/// Takes a second an address at most. False where no address can be connected to.
bool leave_in_time_wait(std::uint16_t port, std::span<const Ip> addresses);

}  // namespace portend::os
