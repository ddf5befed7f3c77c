// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace portend::cli {

/// "TERM", "SIGTERM", "term" or a number. Throws UsageError.
int parse_signal(const std::string& text);

/// "TERM", or a number if it has no name here.
std::string signal_text(int signal);

}  // namespace portend::cli
