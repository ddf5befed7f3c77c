// SPDX-License-Identifier: MIT
// Punycode (RFC 3492).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// A label in ASCII, without the "xn--" before it. Nothing for a label that is too long for a name.
std::optional<std::string> punycode(std::u32string_view label);

}  // namespace portend::net
