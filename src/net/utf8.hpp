// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portend::net {

/// Whether a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// The characters of a text that is well-formed UTF-8.
std::u32string to_utf32(std::string_view text);

/// Whether one of its characters is a control character (U+0000 to U+001F, U+007F to U+009F).
bool has_control_characters(std::string_view text);

/// The text, harmless on a terminal: "?" stands for each control character, for each character that
/// reorders or breaks lines (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069) and for each byte
/// that is not UTF-8. A text of more than `longest` bytes is cut and ends in "...".
std::string printable(std::string_view text, std::size_t longest = 80);

}  // namespace portend::net
