// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portend::net {

/// Whether a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// Decodes well-formed UTF-8.
std::u32string to_utf32(std::string_view text);

/// Whether a text contains a control character (U+0000 to U+001F, U+007F to U+009F).
bool has_control_characters(std::string_view text);

/// Makes a text safe to print on a terminal. Replaces by "?" each control character, each byte that is not
/// UTF-8, and each character that reorders or breaks lines (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066
/// to U+2069). Truncates a text of more than `longest` bytes, and appends "...".
std::string printable(std::string_view text, std::size_t longest = 80);

}  // namespace portend::net
