// SPDX-License-Identifier: MIT
// Parses URLs (RFC 3986) for their host and port.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// The parts of a URL, still percent-encoded. User, password, path and query are left out.
struct Url {
  std::string scheme;          // in lower case
  std::string_view authority;  // "db:5432"
  bool has_stray_at = false;   // a '@' after the host, for example because a password has an unencoded '/'
};

/// Splits a URL. Returns nothing if the text does not begin with a scheme and "://". Skips a "jdbc:" before
/// the scheme.
std::optional<Url> split_url(std::string_view text);

/// Replaces each escape such as "%41" by its character. Nothing if a '%' is not followed by two hexadecimal
/// digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace portend::net
