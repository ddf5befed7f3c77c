// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace portend::os {

/// What stands in a file of /proc; nullopt if it cannot be opened and read to its end (errno says why). Not
/// by std::ifstream, whose descriptor a program that is executed meanwhile would inherit.
std::optional<std::string> read_text(const std::string& path);

}  // namespace portend::os
