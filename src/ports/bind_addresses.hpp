// SPDX-License-Identifier: MIT
// Determines the addresses at which a port must be bound.
#pragma once

#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// One socket to bind.
struct BindAddress {
  os::Ip ip;
  os::Transport transport = os::Transport::tcp;
  bool dual_stack = false;
};

struct BindAddresses {
  std::vector<BindAddress> list;  // TCP first
  os::Descriptor first_socket;    // for the first address, if one was opened to test the family
};

/// Returns the addresses that the options ask for and this machine has. Throws NoAddress; NoPort if the host
/// is not on this machine; std::system_error if a policy refuses every family.
BindAddresses bind_addresses(const SearchOptions& options, os::Instant until);

}  // namespace portend::ports
