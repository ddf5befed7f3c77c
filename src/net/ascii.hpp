// SPDX-License-Identifier: MIT
// ASCII characters, independent of the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace portend::net {

constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower_case(c) >= 'a' && lower_case(c) <= 'z'; }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

constexpr bool is_hexadecimal(char c) {
  return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f');
}

/// The value of a hexadecimal digit.
constexpr int hexadecimal_value(char c) { return is_digit(c) ? c - '0' : lower_case(c) - 'a' + 10; }

inline std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower_case(c); });
  return result;
}

inline bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

}  // namespace portend::net
