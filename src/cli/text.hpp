// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portend::cli {

/// Makes a text from outside, such as an argument or a process name, safe to print on a terminal. Replaces
/// control characters and bytes that are not UTF-8 by "?".
std::string printable(std::string_view text);

/// Returns the first `columns` characters of a UTF-8 text. A truncated text ends in "...".
std::string shortened(const std::string& text, std::size_t columns);

}  // namespace portend::cli
