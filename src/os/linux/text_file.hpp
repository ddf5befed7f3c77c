// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace portend::os {

/// Reads a file of /proc. nullopt, with errno, if it cannot be opened and read to its end. std::ifstream is
/// not used because a program that is executed meanwhile would inherit its descriptor.
std::optional<std::string> read_text(const std::string& path);

}  // namespace portend::os
