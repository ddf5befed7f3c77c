// SPDX-License-Identifier: MIT
// Services of this machine on AF_UNIX stream sockets (unix(7)).
#pragma once

#include <optional>
#include <string>

#include "os/time.hpp"

namespace portend::os {

/// Sends a request and reads one line of answer. Neither the service nor a signal can extend the deadline.
/// `address` is a path, or "@name" in the abstract namespace. Empty if no line comes.
std::optional<std::string> ask_local_service(const std::string& address, const std::string& request,
                                             Instant until);

}  // namespace portend::os
