// SPDX-License-Identifier: MIT
// Parses the targets and states of a wait.
#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

struct WantedTarget : Target {
  portend_state wanted = PORTEND_STATE_UNKNOWN;
};

using Plan = std::vector<WantedTarget>;

/// Parses "db:5432 cache:6379 occupied old:80 free". A state belongs to the targets before it. Throws
/// UsageError.
Plan parse_plan(const std::vector<std::string>& words);

}  // namespace portend::cli
