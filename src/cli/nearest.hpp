// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portend::cli {

/// Returns the known word that is closest to a misspelled word; nothing if none is close.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// Returns "did you mean occupied?", or `otherwise` if no known word is close.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         const std::string& otherwise);

}  // namespace portend::cli
