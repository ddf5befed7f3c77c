// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace portend::cli {

/// For a port without a listener: an address of this machine where a connection to it is accepted
/// nevertheless, as a rule of a firewall does that forwards it to a container. It is looked for by connecting
/// to the addresses of this machine.
std::optional<std::string> forwarded_address(int port);

}  // namespace portend::cli
