// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace portend::os {

/// What stands in a file of /proc; nullopt where it cannot be opened (errno says why). Not by
/// std::ifstream, whose descriptor a program that is executed meanwhile would inherit.
std::optional<std::string> read_text(const std::string& path);

}  // namespace portend::os
