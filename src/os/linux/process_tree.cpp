// SPDX-License-Identifier: MIT
// Finds the descendants of a process and the sockets that they have open, by /proc (proc(5)).
#include "os/process_tree.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "os/linux/process_files.hpp"
#include "os/linux/text_file.hpp"

namespace portend::os {

namespace {

enum class Holding : std::uint8_t { no, unknown, yes };

Holding holding(std::int64_t pid, std::span<const std::uint64_t> inodes) {
  const auto own = process_sockets(pid);
  if (!own) return Holding::unknown;
  const bool holds =
      std::ranges::any_of(inodes, [&](auto inode) { return std::ranges::find(*own, inode) != own->end(); });
  return holds ? Holding::yes : Holding::no;
}

/// Reads /proc/PID/task/TID/children of each thread. The list may be incomplete while processes end, and some
/// kernels do not have it. So a child that is not listed may exist.
std::vector<std::int64_t> listed_children(std::int64_t pid) {
  std::vector<std::int64_t> result;
  const auto tasks = "/proc/" + std::to_string(pid) + "/task/";
  for (const auto thread : thread_ids(pid)) {
    std::istringstream list(read_text(tasks + std::to_string(thread) + "/children").value_or(""));
    for (std::int64_t child = 0; list >> child;) result.push_back(child);
  }
  return result;
}

/// Whether a process or one of its descendants has one of the sockets open. Inspects at most `most`
/// processes.
template <class ChildrenOf>
Holding tree_holding(std::int64_t pid, std::span<const std::uint64_t> inodes, std::size_t most,
                     ChildrenOf children_of) {
  auto result = Holding::no;
  std::vector<std::int64_t> visited{pid};
  for (std::size_t i = 0; i < visited.size() && visited.size() < most; ++i) {
    result = std::max(result, holding(visited[i], inodes));
    if (result == Holding::yes) break;
    std::ranges::copy(children_of(visited[i]), std::back_inserter(visited));
  }
  return result;
}

/// The children of each visible process, by parent.
std::multimap<std::int64_t, std::int64_t> children() {
  std::multimap<std::int64_t, std::int64_t> result;
  for (const auto pid : process_ids()) result.emplace(process_stat(pid).parent, pid);
  return result;
}

bool is_held(std::span<const std::uint64_t> inodes) {
  return std::ranges::any_of(process_ids(), [&](auto pid) { return holding(pid, inodes) == Holding::yes; });
}

}  // namespace

std::optional<bool> process_tree_holds(std::int64_t pid, std::span<const std::uint64_t> inodes) {
  if (inodes.empty()) return false;
  // Reading these lists costs a few files; inspecting all processes costs milliseconds.
  constexpr std::size_t most_listed = 256;
  if (tree_holding(pid, inodes, most_listed, listed_children) == Holding::yes) return true;
  const auto tree = children();
  constexpr auto all = std::numeric_limits<std::size_t>::max();
  const auto found = tree_holding(pid, inodes, all, [&tree](std::int64_t parent) {
    std::vector<std::int64_t> result;
    const auto [first, last] = tree.equal_range(parent);
    for (auto entry = first; entry != last; ++entry) result.push_back(entry->second);
    return result;
  });
  if (found == Holding::unknown && !is_held(inodes)) return {};
  return found == Holding::yes;
}

}  // namespace portend::os
