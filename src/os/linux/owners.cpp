// SPDX-License-Identifier: MIT
// Which process holds a socket, by /proc/PID/fd (proc(5)).
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "os/linux/process_files.hpp"
#include "os/process.hpp"

namespace portend::os {

namespace {

using Directory = std::unique_ptr<DIR, decltype([](DIR* open) { closedir(open); })>;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// "socket:[12345]"
std::optional<std::uint64_t> socket_inode(int directory, const char* name) {
  std::array<char, 64> room{};
  const ssize_t length = readlinkat(directory, name, room.data(), room.size());
  if (length <= 0) return {};
  std::string_view link(room.data(), static_cast<std::size_t>(length));
  constexpr std::string_view prefix = "socket:[";
  if (!link.starts_with(prefix) || !link.ends_with(']')) return {};
  link.remove_prefix(prefix.size());
  link.remove_suffix(1);
  return number<std::uint64_t>(link);
}

struct Candidate {
  std::int64_t pid = 0;
  std::uint64_t started = 0;
};

/// Notes `pid` for each of the sockets that it holds and no older process does.
void visit(std::int64_t pid, std::span<const std::uint64_t> inodes, std::vector<Candidate>& found) {
  const std::string process = "/proc/" + std::to_string(pid);
  const Directory descriptors(opendir((process + "/fd").c_str()));
  if (!descriptors) return;
  std::optional<std::uint64_t> started;
  while (const auto* entry = readdir(descriptors.get())) {
    const auto inode = socket_inode(dirfd(descriptors.get()), entry->d_name);
    if (!inode) continue;
    const auto place = std::ranges::lower_bound(inodes, *inode);
    if (place == inodes.end() || *place != *inode) continue;
    if (!started) started = process_stat(pid).start_time;
    auto& candidate = found[static_cast<std::size_t>(place - inodes.begin())];
    if (candidate.pid == 0 || *started < candidate.started) candidate = {pid, *started};
  }
}

}  // namespace

std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes) {
  if (inodes.empty()) return {};
  std::vector<Candidate> found(inodes.size());
  const Directory processes(opendir("/proc"));
  while (const auto* entry = processes ? readdir(processes.get()) : nullptr) {
    if (const auto pid = number<std::int64_t>(entry->d_name)) visit(*pid, inodes, found);
  }
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
