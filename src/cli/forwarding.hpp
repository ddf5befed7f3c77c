// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace portend::cli {

/// For a port without a listener: returns an address of this machine that accepts a connection to it, for
/// example because a firewall rule forwards it to a container. Connects to the addresses of this machine.
std::optional<std::string> forwarded_address(int port);

}  // namespace portend::cli
