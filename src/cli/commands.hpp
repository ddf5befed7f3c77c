// SPDX-License-Identifier: MIT
// What the program can do. Each gives the program's exit code.
#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

/// What stands behind "--".
using Command = std::vector<std::string>;

int wait(const WaitOptions& options, const Command& command);
int watch(const WatchOptions& options);
int find(const FindOptions& options);
int reserve(const FindOptions& options, const Command& command);
int run(const RunOptions& options, const Command& command);
int who(const WhoOptions& options);
int kill(const KillOptions& options);

}  // namespace portend::cli
