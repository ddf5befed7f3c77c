// SPDX-License-Identifier: MIT
// What is written like a target and is not a TCP port.
#pragma once

#include <optional>
#include <string_view>

namespace portend::net {

/// What a scheme names, as in "a UNIX socket"; nothing for a host and a TCP port.
std::optional<std::string_view> other_kind_of_scheme(std::string_view scheme);

/// The same for a text that is not a URL: "unix:/run/x", "udp:53".
std::optional<std::string_view> other_kind_of_text(std::string_view text);

/// Whether a text is the path of a file, such as a UNIX socket.
bool is_path(std::string_view text);

}  // namespace portend::net
