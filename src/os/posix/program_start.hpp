// SPDX-License-Identifier: MIT
// Starts the program of a supervisor. Safe in a signal handler, as all of the supervisor.
#pragma once

#include "os/posix/supervisor_state.hpp"

namespace portend::os {

/// Forks and executes the program in a process group of its own, with stdin at /dev/null and its output in
/// a pipe. Gives the end to read from, non-blocking; -1 if it failed, as SupervisorState says then.
int start_program(const SupervisorPlan& plan) noexcept;

}  // namespace portend::os
