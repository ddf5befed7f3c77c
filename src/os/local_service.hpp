// SPDX-License-Identifier: MIT
// Services of this machine behind AF_UNIX stream sockets (unix(7)).
#pragma once

#include <optional>
#include <string>

#include "os/time.hpp"

namespace portend::os {

/// Sends a request and reads one line of answer, until a deadline that neither the service nor a signal can
/// move. `address` is a path, or "@name" in the abstract namespace. Nothing where no line comes.
std::optional<std::string> ask_local_service(const std::string& address, const std::string& request,
                                             Instant until);

}  // namespace portend::os
