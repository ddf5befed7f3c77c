// SPDX-License-Identifier: MIT
// Recognizes texts that look like targets and do not name a TCP port.
#pragma once

#include <optional>
#include <string_view>

namespace portend::net {

/// Returns what a scheme names, such as "a UNIX socket"; nothing if it names a host and a TCP port.
std::optional<std::string_view> other_kind_of_scheme(std::string_view scheme);

/// Returns the same for a text that is not a URL, such as "unix:/run/x" and "udp:53".
std::optional<std::string_view> other_kind_of_text(std::string_view text);

/// Whether a text is the path of a file, such as a UNIX socket.
bool is_path(std::string_view text);

}  // namespace portend::net
