// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace portend::cli {

/// Parses "TERM", "SIGTERM", "term" or a number. Throws UsageError.
int parse_signal(const std::string& text);

/// Returns "TERM", or the number of a signal that has no name here.
std::string signal_text(int signal);

}  // namespace portend::cli
