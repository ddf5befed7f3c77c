// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/process.hpp"

namespace portend::ports {

/// Finds the processes that accept connections to addresses of this machine, as far as the system tells.
/// Lists the sockets and scans the processes once for all addresses. The names are safe to print on a
/// terminal.
std::vector<std::optional<os::Owner>> listener_owners(std::span<const os::Endpoint> addresses);

std::optional<os::Owner> listener_owner(const os::Endpoint& address);

}  // namespace portend::ports
