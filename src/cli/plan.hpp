// SPDX-License-Identifier: MIT
// What a wait is for.
#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

struct WantedTarget : Target {
  portend_state wanted = PORTEND_STATE_UNKNOWN;
};

using Plan = std::vector<WantedTarget>;

/// "db:5432 cache:6379 occupied old:80 free": a state belongs to the targets before it. Throws
/// UsageError.
Plan parse_plan(const std::vector<std::string>& words);

}  // namespace portend::cli
