// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portend::cli {

/// The known word that a misspelled one is closest to; nothing if none is close.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// "did you mean occupied?" or, if no known word is close, the other advice.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         const std::string& otherwise);

}  // namespace portend::cli
