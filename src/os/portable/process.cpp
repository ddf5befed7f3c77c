// SPDX-License-Identifier: MIT
#include "os/process.hpp"

#include "os/posix/process_alive.hpp"
#include "os/process_tree.hpp"

namespace portend::os {

ProcessWatch::ProcessWatch(std::int64_t pid) : pid_(pid) {}

bool ProcessWatch::alive() const { return process_alive(pid_); }

std::vector<Owner> owners(std::span<const std::uint64_t> inodes) { return std::vector<Owner>(inodes.size()); }

std::optional<bool> process_tree_holds(std::int64_t, std::span<const std::uint64_t>) { return {}; }
std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes) {
  return std::vector<std::int64_t>(inodes.size());
}

ProcessDetails process_details(std::int64_t) { return {}; }

}  // namespace portend::os
