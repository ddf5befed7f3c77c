// SPDX-License-Identifier: MIT
#include "net/idn.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/ascii.hpp"
#include "net/punycode.hpp"
#include "net/utf8.hpp"

namespace portend::net {

namespace {

constexpr std::size_t longest_label = 63;

/// Capital letters from first to last, all of them or every other one, and the distance to their small
/// letters.
struct Capitals {
  char32_t first;
  char32_t last;
  char32_t step;
  std::int32_t distance;
};

/// From UnicodeData.txt.
constexpr std::array capitals{
    Capitals{0x0041, 0x005a, 1, 32}, Capitals{0x00c0, 0x00d6, 1, 32},   Capitals{0x00d8, 0x00de, 1, 32},
    Capitals{0x0100, 0x012e, 2, 1},  Capitals{0x0132, 0x0136, 2, 1},    Capitals{0x0139, 0x0147, 2, 1},
    Capitals{0x014a, 0x0176, 2, 1},  Capitals{0x0178, 0x0178, 1, -121}, Capitals{0x0179, 0x017d, 2, 1},
    Capitals{0x01cd, 0x01db, 2, 1},  Capitals{0x01f8, 0x021e, 2, 1},    Capitals{0x0386, 0x0386, 1, 38},
    Capitals{0x0388, 0x038a, 1, 37}, Capitals{0x038c, 0x038c, 1, 64},   Capitals{0x038e, 0x038f, 1, 63},
    Capitals{0x0391, 0x03a1, 1, 32}, Capitals{0x03a3, 0x03ab, 1, 32},   Capitals{0x0400, 0x040f, 1, 80},
    Capitals{0x0410, 0x042f, 1, 32}, Capitals{0x0460, 0x0480, 2, 1},    Capitals{0x048a, 0x04be, 2, 1},
    Capitals{0x04c0, 0x04c0, 1, 15}, Capitals{0x04c1, 0x04cd, 2, 1},    Capitals{0x04d0, 0x052e, 2, 1},
    Capitals{0x0531, 0x0556, 1, 48}, Capitals{0x1e00, 0x1e94, 2, 1},    Capitals{0x1e9e, 0x1e9e, 1, -7615},
    Capitals{0x1ea0, 0x1efe, 2, 1},
};

char32_t to_small(char32_t c) {
  for (const auto& range : capitals) {
    const bool inside = c >= range.first && c <= range.last && (c - range.first) % range.step == 0;
    if (inside) return static_cast<char32_t>(static_cast<std::int32_t>(c) + range.distance);
  }
  return c;
}

/// Maps a character of a host by UTS 46: a capital to its small letter, a variant of the dot to a dot.
char32_t mapped(char32_t c) {
  constexpr char32_t full_width_first = 0xff01;
  constexpr char32_t full_width_last = 0xff5e;
  if (c == 0x3002 || c == 0xff61) return U'.';
  if (c >= full_width_first && c <= full_width_last) c -= full_width_first - U'!';
  return to_small(c);
}

bool append_label(std::string& result, std::u32string_view label) {
  const auto start = result.size();
  if (std::ranges::all_of(label, [](char32_t c) { return c < 0x80; })) {
    for (const char32_t c : label) result += static_cast<char>(c);
    return true;
  }
  const auto encoded = punycode(label);
  if (!encoded) return false;
  result += "xn--" + *encoded;
  return result.size() - start <= longest_label;
}

}  // namespace

std::optional<std::string> ascii_host(std::string_view host) {
  if (std::ranges::all_of(host, is_ascii) || !is_utf8(host)) return {};
  std::u32string characters = to_utf32(host);
  std::ranges::transform(characters, characters.begin(), mapped);

  std::string result;
  std::u32string_view rest = characters;
  for (;;) {
    const auto dot = std::min(rest.find(U'.'), rest.size());
    if (!append_label(result, rest.substr(0, dot))) return {};
    if (dot == rest.size()) return result;
    result += '.';
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace portend::net
