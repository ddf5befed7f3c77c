// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <algorithm>
#include <cstdint>

namespace portend::cli {

namespace {

bool continues(char byte) { return (static_cast<std::uint8_t>(byte) & 0xc0) == 0x80; }

/// Whether the second byte of a character is allowed. Excludes overlong forms, surrogates, values beyond
/// Unicode (RFC 3629, section 4) and control characters.
bool may_follow(std::uint8_t first, std::uint8_t second) {
  const std::uint8_t least = first == 0xc2 || first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}

/// The length of the character at the beginning of `text`; 0 if it must not be printed.
std::size_t printable_length(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return first < ' ' || first == 0x7f ? 0 : 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  if (!may_follow(first, static_cast<std::uint8_t>(text[1]))) return 0;
  return std::ranges::all_of(text.substr(1, length - 1), continues) ? length : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto length = printable_length(text);
    result += length == 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string shortened(const std::string& text, std::size_t columns) {
  constexpr std::string_view dots = "...";
  const auto characters = text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
  if (characters <= columns) return text;
  const auto kept = columns - std::min(columns, dots.size());
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (!continues(text[end]) && seen++ == kept) break;
  }
  return text.substr(0, end).append(dots.substr(0, columns));
}

}  // namespace portend::cli
