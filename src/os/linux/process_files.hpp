// SPDX-License-Identifier: MIT
// The files of /proc/PID (proc(5)).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portend::os {

/// Values from /proc/PID/stat; all 0 for a process that has ended.
struct ProcessStat {
  std::int64_t parent = 0;
  std::uint64_t start_time = 0;  // in ticks since boot
};

ProcessStat process_stat(std::int64_t pid);
std::string process_name(std::int64_t pid);

/// The IDs of all visible processes.
std::vector<std::int64_t> process_ids();

std::vector<std::int64_t> thread_ids(std::int64_t pid);

/// The inodes of the sockets that a process has open; empty if it has ended, nullopt if this user may not
/// inspect it.
std::optional<std::vector<std::uint64_t>> process_sockets(std::int64_t pid);

}  // namespace portend::os
