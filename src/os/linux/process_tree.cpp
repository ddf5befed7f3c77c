// SPDX-License-Identifier: MIT
// Descendants of a process and the sockets they hold, by /proc (proc(5)).
#include "os/process_tree.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "os/linux/process_files.hpp"

namespace portend::os {

namespace {

bool holds(std::int64_t pid, std::span<const std::uint64_t> inodes) {
  const auto own = process_sockets(pid);
  return std::ranges::any_of(inodes, [&](auto inode) { return std::ranges::find(own, inode) != own.end(); });
}

/// Children by parent, of all processes that can be seen.
std::multimap<std::int64_t, std::int64_t> children() {
  std::multimap<std::int64_t, std::int64_t> result;
  for (const auto pid : process_ids()) result.emplace(process_stat(pid).parent, pid);
  return result;
}

}  // namespace

std::optional<bool> process_tree_holds(std::int64_t pid, std::span<const std::uint64_t> inodes) {
  if (inodes.empty()) return false;
  if (holds(pid, inodes)) return true;
  const auto tree = children();
  std::vector<std::int64_t> visited{pid};
  for (std::size_t i = 0; i < visited.size(); ++i) {
    const auto [begin, end] = tree.equal_range(visited[i]);
    for (auto child = begin; child != end; ++child) {
      if (holds(child->second, inodes)) return true;
      visited.push_back(child->second);
    }
  }
  return false;
}

}  // namespace portend::os
