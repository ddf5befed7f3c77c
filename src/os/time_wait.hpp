// SPDX-License-Identifier: MIT
// Uses TIME_WAIT (RFC 9293, section 3.6.1) to keep the system from assigning a port.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "os/address.hpp"

namespace portend::os {

/// How long a port stays in TIME_WAIT.
extern const std::chrono::seconds time_wait_length;

/// Puts the port into TIME_WAIT at each of the addresses that this machine has. For each address, makes a
/// connection to itself and closes it first on the side of the port. The sockets that keep the port must have
/// SO_REUSEADDR set. Takes at most one second per address. False if no address can be connected to.
bool leave_in_time_wait(std::uint16_t port, std::span<const Ip> addresses);

}  // namespace portend::os
