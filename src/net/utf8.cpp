// SPDX-License-Identifier: MIT
#include "net/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace portend::net {

namespace {

/// The length of the well-formed character at the beginning of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool beyond = first == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

/// U+0000 to U+001F and U+007F to U+009F. Terminals interpret U+0080 to U+009F like escape sequences.
bool is_control(std::string_view character) {
  const auto last = static_cast<std::uint8_t>(character.back());
  if (character.size() == 1) return last < 0x20 || last == 0x7f;
  return character.size() == 2 && character[0] == '\xc2' && last < 0xa0;
}

/// `character` must be well-formed.
std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return first;
  auto value = static_cast<std::uint32_t>(first & (0xff >> (character.size() + 1)));
  for (const char byte : character.substr(1)) value = value << 6 | (static_cast<std::uint8_t>(byte) & 0x3fU);
  return value;
}

/// Line separators, and characters that make a terminal display text in another order.
bool is_deceptive(std::string_view character) {
  const auto code = code_point(character);
  if (code == 0x061c || code == 0x200e || code == 0x200f) return true;
  return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::u32string to_utf32(std::string_view text) {
  std::u32string result;
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(character_length(text), 1);
    const auto first = static_cast<std::uint8_t>(text[0]);
    // The payload of the first byte: what remains after its leading ones.
    char32_t character = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      character = character << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3fU);
    }
    result += character;
    text.remove_prefix(length);
  }
  return result;
}

bool has_control_characters(std::string_view text) {
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(character_length(text), 1);
    if (is_control(text.substr(0, length))) return true;
    text.remove_prefix(length);
  }
  return false;
}

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  while (!text.empty() && result.size() < longest) {
    const auto length = character_length(text);
    const auto character = text.substr(0, length);
    const bool harmless = length != 0 && !is_control(character) && !is_deceptive(character);
    result += harmless ? character : std::string_view("?");
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return text.empty() ? result : result + "...";
}

}  // namespace portend::net
