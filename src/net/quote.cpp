// SPDX-License-Identifier: MIT
#include "net/quote.hpp"

#include <algorithm>

#include "net/ascii.hpp"
#include "net/host.hpp"
#include "net/target_kind.hpp"
#include "net/url.hpp"
#include "net/utf8.hpp"

namespace portend::net {

namespace {

bool may_be_in_an_address(char c) { return is_hexadecimal(c) || c == ':' || c == '.'; }

/// Whether the colons belong to an IPv6 address, as in "::1:80" and "[fe80::1%eth0]:80".
bool has_colons_of_an_address(std::string_view text) {
  if (text.starts_with('[')) text = text.substr(1, text.find(']') - 1);
  return std::ranges::all_of(text.substr(0, text.find('%')), may_be_in_an_address);
}

/// Whether a text that is not a URL may contain a secret. It may if it looks like "user:password@host", a
/// path with a token, or a list of parameters.
bool may_contain_password(std::string_view text) {
  if (text.find_first_of(not_in_a_host) != text.npos) return true;
  return std::ranges::count(text, ':') > 1 && !has_colons_of_an_address(text);
}

}  // namespace

std::string quoted(std::string_view text) {
  if (const auto url = split_url(text)) return "'" + printable(url->scheme) + "://...'";
  if (may_contain_password(text) && other_kind_of_text(text))
    return "'" + printable(text.substr(0, text.find(':'))) + ":...'";
  if (may_contain_password(text)) return "(not shown because it may contain a password)";
  return "'" + printable(text) + "'";
}

}  // namespace portend::net
