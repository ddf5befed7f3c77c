// SPDX-License-Identifier: MIT
// The commands of the program. Each returns the exit code.
#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

/// The words after "--".
using Command = std::vector<std::string>;

int wait(const WaitOptions& options, const Command& command);
int watch(const WatchOptions& options);
int find(const FindOptions& options);
int reserve(const FindOptions& options, const Command& command);
int run(const RunOptions& options, const Command& command);
int who(const WhoOptions& options);
int kill(const KillOptions& options);

}  // namespace portend::cli
