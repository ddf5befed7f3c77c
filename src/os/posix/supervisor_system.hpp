// SPDX-License-Identifier: MIT
// What a supervisor needs of the system beyond POSIX. Other systems do without.
#pragma once

#include <cstddef>
#include <span>

#include "os/descriptor.hpp"

namespace portend::os {

/// Calls fork(2) without the handlers of pthread_atfork(3), which may take locks. If the system can hide the
/// child, wait(2) ignores the child and its end sends no SIGCHLD. -1, with errno, on failure.
int fork_hidden() noexcept;

/// Waits until the child has ended. Another part of this process may already have reaped it.
void reap_hidden(int pid) noexcept;

/// A descriptor that is readable after this process has ended; empty if the system has none.
Descriptor own_end();

// The functions below are for the supervisor itself, and async-signal-safe.

/// Calls fork(2) without the handlers of pthread_atfork(3). The end of the child sends SIGCHLD.
int fork_plain() noexcept;

/// Whether orphans of the program become children of the supervisor, so that it sees every descendant.
extern const bool adopts_orphans;

void name_supervisor() noexcept;
void adopt_orphans() noexcept;

/// Closes all descriptors from `first` to `last`; false if the system has no call for that, or refuses it.
bool close_range_at_once(unsigned first, unsigned last) noexcept;

/// Fills `room` with children of this process, and returns their number; 0 if the system does not list them.
std::size_t children(std::span<int> room) noexcept;

/// Has the calling process killed when its parent ends.
void end_with_parent(int parent) noexcept;

}  // namespace portend::os
