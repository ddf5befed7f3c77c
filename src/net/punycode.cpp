// SPDX-License-Identifier: MIT
#include "net/punycode.hpp"

#include <algorithm>
#include <cstdint>

namespace portend::net {

namespace {

// The names and values of RFC 3492, section 5.
constexpr std::uint32_t base = 36;
constexpr std::uint32_t tmin = 1;
constexpr std::uint32_t tmax = 26;
constexpr std::uint32_t skew = 38;
constexpr std::uint32_t damp = 700;
constexpr std::uint32_t initial_bias = 72;
constexpr char32_t initial_n = 0x80;

/// With labels of at most this length, no sum below exceeds 32 bits.
constexpr std::size_t longest_encoded_label = 63;

char digit(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

std::uint32_t adapted(std::uint32_t delta, std::uint32_t points, bool first_time) {
  delta /= first_time ? damp : 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (base - tmin) * tmax / 2; k += base) delta /= base - tmin;
  return k + (base - tmin + 1) * delta / (delta + skew);
}

void append_integer(std::string& result, std::uint32_t value, std::uint32_t bias) {
  for (std::uint32_t k = base;; k += base) {
    const auto threshold = k <= bias ? tmin : std::min(k - bias, tmax);
    if (value < threshold) break;
    result += digit(threshold + (value - threshold) % (base - threshold));
    value = (value - threshold) / (base - threshold);
  }
  result += digit(value);
}

}  // namespace

std::optional<std::string> punycode(std::u32string_view label) {
  if (label.size() > longest_encoded_label) return {};
  std::string result;
  for (const char32_t c : label) {
    if (c < initial_n) result += static_cast<char>(c);
  }
  const auto basic = static_cast<std::uint32_t>(result.size());
  if (basic > 0) result += '-';

  char32_t n = initial_n;
  std::uint32_t delta = 0;
  std::uint32_t bias = initial_bias;
  for (auto handled = basic; handled < label.size(); ++delta, ++n) {
    char32_t next = U'\xffffffff';
    for (const char32_t c : label) next = c >= n ? std::min(next, c) : next;
    delta += (next - n) * (handled + 1);
    n = next;
    for (const char32_t c : label) {
      if (c < n) ++delta;
      if (c != n) continue;
      append_integer(result, delta, bias);
      bias = adapted(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
  }
  return result;
}

}  // namespace portend::net
