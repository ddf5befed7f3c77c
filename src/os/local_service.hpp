// SPDX-License-Identifier: MIT
// Services of this machine behind AF_UNIX stream sockets (unix(7)).
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace portend::os {

/// Sends a request and reads one line of answer, each for so long at most. `address` is a
/// path, or "@name" in the abstract namespace. Nothing where no line comes.
std::optional<std::string> ask_local_service(const std::string& address, const std::string& request,
                                             std::chrono::seconds limit);

}  // namespace portend::os
