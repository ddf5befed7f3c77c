// SPDX-License-Identifier: MIT
// Internationalized domain names (IDNA, RFC 5891).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// Converts a host in UTF-8 to the form that name servers know: "bücher.example" to "xn--bcher-kva.example".
/// Returns nothing if the host is in ASCII already, or cannot be such a name.
///
/// Converts capital letters of the Latin, Greek, Cyrillic and Armenian scripts to small ones, and full-width
/// forms of East Asian keyboards to ASCII. Letters must be composed (NFC), as keyboards produce them. AI_IDN
/// of glibc is not used: it needs libidn2 and a UTF-8 locale, and other C libraries lack it.
std::optional<std::string> ascii_host(std::string_view host);

}  // namespace portend::net
