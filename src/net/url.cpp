// SPDX-License-Identifier: MIT
#include "net/url.hpp"

#include <algorithm>
#include <array>

#include "net/ascii.hpp"

namespace portend::net {

namespace {

constexpr std::size_t longest_scheme = 40;

/// Prefixes of database URLs in Java.
constexpr std::array<std::string_view, 2> wrappers{"jdbc:", "r2dbc:"};

bool may_be_in_a_scheme(char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; }

bool is_scheme(std::string_view text) {
  return !text.empty() && text.size() <= longest_scheme && is_letter(text.front()) &&
         std::ranges::all_of(text, may_be_in_a_scheme);
}

std::string_view without_wrapper(std::string_view text) {
  for (const auto wrapper : wrappers) {
    if (lower_case(text.substr(0, wrapper.size())) == wrapper) return text.substr(wrapper.size());
  }
  return text;
}

/// Whether a '@' in the path is common for the scheme, as in http://registry/@scope/package.
bool is_of_the_web(std::string_view scheme) {
  return scheme == "http" || scheme == "https" || scheme == "ws" || scheme == "wss";
}

}  // namespace

std::optional<Url> split_url(std::string_view text) {
  text = without_wrapper(text);
  const auto colon = text.find("://");
  if (colon == text.npos || !is_scheme(text.substr(0, colon))) return {};
  Url url{.scheme = lower_case(text.substr(0, colon)), .authority = text.substr(colon + 3)};

  // URLs of SQL Server have parameters after semicolons, which may include a password.
  const std::string_view ends = url.scheme == "sqlserver" ? ";/?#" : "/?#";
  const auto end = std::min(url.authority.find_first_of(ends), url.authority.size());
  url.has_stray_at = !is_of_the_web(url.scheme) && url.authority.find('@', end) != text.npos;
  url.authority = url.authority.substr(0, end);
  if (const auto at = url.authority.rfind('@'); at != text.npos) url.authority.remove_prefix(at + 1);
  return url;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2])) return {};
    result += static_cast<char>(hexadecimal_value(text[i + 1]) * 16 + hexadecimal_value(text[i + 2]));
    i += 2;
  }
  return result;
}

}  // namespace portend::net
