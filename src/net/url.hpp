// SPDX-License-Identifier: MIT
// URLs (RFC 3986), as far as they name a host and a port.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// A URL taken apart. The parts are as they were written, still percent-encoded. The user, the
/// password, the path and the query are left out.
struct Url {
  std::string scheme;          // in lower case
  std::string_view authority;  // "db:5432"
  bool has_stray_at = false;   // a '@' behind the host, as when a password has an unencoded '/'
};

/// Nothing if the text does not begin with a scheme and "://". A "jdbc:" before the scheme is
/// skipped.
std::optional<Url> split_url(std::string_view text);

/// The text with each "%41" replaced by what it stands for; nothing if a '%' stands for nothing.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace portend::net
