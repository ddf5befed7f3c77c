// SPDX-License-Identifier: MIT
// Who listens on this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/address.hpp"
#include "os/process.hpp"

namespace portend::ports {

struct Listener {
  os::Endpoint where;
  bool dual_stack = false;
  os::Owner owner;  // pid 0 where the system does not tell
  std::string user;
};

/// All listeners, or those on `port`, by port and address; nullopt where the system does not
/// tell.
std::optional<std::vector<Listener>> listeners(std::uint16_t port = 0);

/// The process that accepts connections to an address of this machine, as far as the system
/// tells.
std::optional<os::Owner> holder(const os::Endpoint& where);

}  // namespace portend::ports
