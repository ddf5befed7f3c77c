// SPDX-License-Identifier: MIT
// A caller's text in messages.
#pragma once

#include <string>
#include <string_view>

namespace portend::net {

/// A target or a host for a message, in single quotes and harmless on a terminal. Of a URL only the
/// scheme is shown, and a text that may hold a password in another form is not shown.
std::string quoted(std::string_view text);

}  // namespace portend::net
