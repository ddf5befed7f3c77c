// SPDX-License-Identifier: MIT
// Starts the program of a supervisor. Async-signal-safe, like all of the supervisor.
#pragma once

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// Forks, and executes the program in its own process group, with stdin from /dev/null and its output in a
/// pipe. Returns the non-blocking read end of the pipe; -1 on failure, with the reason in SupervisorState.
int start_program(const SupervisorPlan& plan) noexcept;

}  // namespace portend::os
