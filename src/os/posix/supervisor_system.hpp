// SPDX-License-Identifier: MIT
// What a supervisor needs of the system beyond POSIX, and does without elsewhere.
#pragma once

#include <cstddef>
#include <span>

#include "os/descriptor.hpp"

namespace portend::os {

/// Forks a process, with all signals blocked there. If the system can do that, wait(2) does not see the
/// child, and no SIGCHLD comes from it. The child may call nothing but bare:: and what is declared below.
/// Throws std::system_error.
int fork_hidden();

/// Waits for it. It may be waited for by another part of this process already.
void reap_hidden(int pid) noexcept;

/// A descriptor that is readable when this process has ended; empty if the system has none.
Descriptor own_end();

/// Whether /proc numbers processes as this process does. It may be that of another container.
bool proc_is_own();

/// Whether the process is of a session; so an old number is told from a new process.
bool is_in_session(int pid, int session) noexcept;

// The rest is for the supervisor itself.

/// Whether orphans of the program become children of the supervisor, and leave none unseen.
extern const bool adopts_orphans;

void name_supervisor() noexcept;
void adopt_orphans() noexcept;
void close_all_except(std::span<const int> sorted) noexcept;

/// Gives the memory of the process that was forked back to the system, apart from what is in use: that
/// process need not copy pages that it changes. `shared` is in use.
void release_memory() noexcept;

/// Readable when a child has exited.
int open_child_notices() noexcept;
void clear_child_notices(int fd) noexcept;

/// The children of this process, as many as there is room for; 0 where the system does not tell.
std::size_t children(std::span<int> room) noexcept;

struct ChildExit {
  int pid = 0;  // 0: none has exited
  int code = 0;
  int signal = 0;
};

/// Reaps one child; -ECHILD if there is none. Where children of children cannot be adopted the program
/// is not reaped, so that its group keeps its number.
int next_exit(int program, ChildExit& exit) noexcept;

/// The program is to end if its supervisor does.
void end_with_parent() noexcept;

}  // namespace portend::os
