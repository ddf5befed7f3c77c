// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace portend::net {

/// Whether a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// Whether a well-formed text has a control character in it, of ASCII or beyond (U+0080 to U+009F).
bool has_control(std::string_view text);

/// The text with what is not printable as "?", for messages, and cut where it is long.
std::string printable(std::string_view text);

}  // namespace portend::net
