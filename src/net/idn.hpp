// SPDX-License-Identifier: MIT
// Internationalized domain names (IDNA, RFC 5891).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portend::net {

/// A host in UTF-8 as name servers know it: "bücher.example" is "xn--bcher-kva.example". Nothing for a
/// host that is in ASCII already, or that cannot be such a name.
///
/// Letters become small ones in the Latin, Greek, Cyrillic and Armenian scripts, and the full-width
/// forms of East Asian keyboards become ASCII. Letters are taken as composed (NFC), as keyboards type
/// them. The C library is not asked: AI_IDN of glibc needs libidn2 and a UTF-8 locale, and other C
/// libraries lack it.
std::optional<std::string> ascii_host(std::string_view host);

}  // namespace portend::net
