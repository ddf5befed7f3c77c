// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/process.hpp"

namespace portend::ports {

/// The processes that accept connections to addresses of this machine, as far as the system tells, by one
/// listing and one scan of the processes for all of them. Their names are harmless on a terminal.
std::vector<std::optional<os::Owner>> listener_owners(std::span<const os::Endpoint> addresses);

std::optional<os::Owner> listener_owner(const os::Endpoint& address);

}  // namespace portend::ports
