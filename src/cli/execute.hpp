// SPDX-License-Identifier: MIT
#pragma once

#include "commands.hpp"

namespace portend::cli {

/// Becomes the command: its exit code and signals are its own. Comes back only with the exit
/// code of a command that cannot be executed.
int execute(const Command& command);

}  // namespace portend::cli
