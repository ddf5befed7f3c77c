// SPDX-License-Identifier: MIT
// What a supervisor needs of the system beyond POSIX, and does without elsewhere.
#pragma once

#include <cstddef>
#include <span>

#include "os/descriptor.hpp"

namespace portend::os {

/// fork(2) without the handlers of pthread_atfork(3), which may take locks. If the system can do that,
/// wait(2) does not see the child, and no SIGCHLD comes from it. -1 and errno if it fails.
int fork_hidden() noexcept;

/// Waits for such a child to end. It may have been waited for by another part of this process already.
void reap_hidden(int pid) noexcept;

/// A descriptor that is readable when this process has ended; empty if the system has none.
Descriptor own_end();

// The rest is for the supervisor itself, and safe in a signal handler.

/// fork(2) without those handlers; SIGCHLD comes from the child.
int fork_plain() noexcept;

/// Whether orphans of the program become children of the supervisor, and leave none unseen.
extern const bool adopts_orphans;

void name_supervisor() noexcept;
void adopt_orphans() noexcept;
void close_all_except(std::span<const int> sorted) noexcept;

/// The children of this process, as many as there is room for; 0 where the system does not tell.
std::size_t children(std::span<int> room) noexcept;

/// The calling process is killed when its parent ends.
void end_with_parent(int parent) noexcept;

}  // namespace portend::os
