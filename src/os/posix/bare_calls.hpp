// SPDX-License-Identifier: MIT
// System calls for a process that was forked from one with many threads: no lock, no memory, nothing of a
// sanitizer. Each gives its result, or -errno.
#pragma once

#include <cstddef>

struct pollfd;

namespace portend::os::bare {

int open(const char* path, int flags) noexcept;
int close(int fd) noexcept;
long read(int fd, void* room, std::size_t size) noexcept;
long write(int fd, const void* data, std::size_t size) noexcept;
int pipe(int ends[2]) noexcept;  // close-on-exec
int set_nonblocking(int fd) noexcept;

/// The copy stays open in a program that is executed.
int duplicate(int fd, int to) noexcept;
int poll(pollfd* descriptors, unsigned count, int timeout_ms) noexcept;

int fork() noexcept;
int execute(const char* path, char** arguments, char** environment) noexcept;
int change_directory(const char* path) noexcept;
[[noreturn]] void exit(int code) noexcept;

int kill(int pid, int signal) noexcept;
int set_group(int pid, int group) noexcept;
int group_of(int pid) noexcept;
int new_session() noexcept;

/// All signals as in a process that nothing was changed in, but blocked; and none blocked.
void reset_signals() noexcept;
void unblock_signals() noexcept;

}  // namespace portend::os::bare
