// SPDX-License-Identifier: MIT
#pragma once

#include "commands.hpp"

namespace portend::cli {

/// Replaces this process by the command. Returns only if the command cannot be executed, with the exit code
/// for that.
int execute(const Command& command);

}  // namespace portend::cli
