// SPDX-License-Identifier: MIT
// Punycode (RFC 3492).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// Encodes a label in ASCII, without the prefix "xn--". Nothing if the label is too long for a name.
std::optional<std::string> punycode(std::u32string_view label);

}  // namespace portend::net
