// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portend::cli {

/// A text from outside (an argument, the name of a process) that is harmless on a
/// terminal: control characters, and bytes that are not UTF-8, become "?".
std::string printable(std::string_view text);

/// The first `columns` characters of a text in UTF-8; what is cut off ends in "...".
std::string shortened(const std::string& text, std::size_t columns);

}  // namespace portend::cli
