// SPDX-License-Identifier: MIT
// Finds the process that has a socket, by /proc/PID/fd (proc(5)).
#include <algorithm>
#include <map>
#include <optional>

#include "os/linux/process_files.hpp"
#include "os/process.hpp"

namespace portend::os {

namespace {

struct Candidate {
  std::int64_t pid = 0;
  std::uint64_t started = 0;
};

/// Records `pid` as the owner of each socket that it has open, unless an older process has it open.
void visit(std::int64_t pid, std::span<const std::uint64_t> inodes, std::vector<Candidate>& found) {
  const auto sockets = process_sockets(pid);
  if (!sockets) return;
  std::optional<std::uint64_t> started;
  for (const auto inode : *sockets) {
    const auto place = std::ranges::lower_bound(inodes, inode);
    if (place == inodes.end() || *place != inode) continue;
    if (!started) started = process_stat(pid).start_time;
    auto& candidate = found[static_cast<std::size_t>(place - inodes.begin())];
    if (candidate.pid == 0 || *started < candidate.started) candidate = {pid, *started};
  }
}

}  // namespace

std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes) {
  if (inodes.empty()) return {};
  std::vector<Candidate> found(inodes.size());
  for (const auto pid : process_ids()) visit(pid, inodes, found);
  std::vector<std::int64_t> pids;
  pids.reserve(found.size());
  for (const auto& candidate : found) pids.push_back(candidate.pid);
  return pids;
}

std::vector<Owner> owners(std::span<const std::uint64_t> inodes) {
  std::map<std::int64_t, std::string> names;
  std::vector<Owner> result;
  result.reserve(inodes.size());
  for (const auto pid : owner_pids(inodes)) {
    auto& name = names[pid];
    if (pid != 0 && name.empty()) name = process_name(pid);
    result.push_back({pid, name});
  }
  return result;
}

}  // namespace portend::os
