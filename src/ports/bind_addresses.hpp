// SPDX-License-Identifier: MIT
// At which addresses a port has to be bound.
#pragma once

#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// One socket that has to be bound.
struct BindAddress {
  os::Ip ip;
  os::Transport transport = os::Transport::tcp;
  bool dual_stack = false;
};

struct BindAddresses {
  std::vector<BindAddress> list;  // those for TCP stand first
  os::Descriptor first_socket;    // for the first of them, if one was made to try the family
};

/// All that the options ask for, as far as this machine has them. Throws NoAddress, NoPort if the host is not
/// of this machine, or std::system_error if a policy refuses every family.
BindAddresses bind_addresses(const SearchOptions& options, os::Instant until);

}  // namespace portend::ports
