// SPDX-License-Identifier: MIT
// Quotes a caller's text in messages.
#pragma once

#include <string>
#include <string_view>

namespace portend::net {

/// Returns a target or a host in single quotes, safe to print on a terminal. Shows only the scheme of a URL.
/// Does not show other texts that may contain a password.
std::string quoted(std::string_view text);

}  // namespace portend::net
