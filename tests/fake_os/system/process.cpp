// SPDX-License-Identifier: MIT
// Processes and addresses of this machine.
#include "os/process.hpp"

#include <algorithm>

#include "fake_os/system/files.hpp"
#include "os/address.hpp"
#include "os/process_tree.hpp"

namespace portend::os {

namespace {

fake::World& world() { return fake::World::current(); }

bool descends_from(std::int64_t pid, std::int64_t ancestor) {
  while (pid > 1 && pid != ancestor) pid = world().processes[pid].parent;
  return pid == ancestor;
}

}  // namespace

bool is_local(const Ip& ip) {
  if (is_loopback(ip)) return true;
  ++world().requests_of_own_addresses;
  return world().own_addresses.contains(ip_to_text(ip));
}

ProcessWatch::ProcessWatch(std::int64_t pid)
    : pid_(pid), pidfd_(world().has_pidfd ? world().open(std::make_shared<fake::PidFile>(pid)) : -1) {}

bool ProcessWatch::alive() const { return world().processes[pid_].alive; }

std::optional<bool> process_tree_holds(std::int64_t pid, std::span<const std::uint64_t> inodes) {
  if (!world().processes_visible) return {};
  return std::ranges::any_of(world().listeners, [&](const auto& listener) {
    const bool is_meant = std::ranges::find(inodes, listener->entry.inode) != inodes.end();
    return is_meant && listener->open && descends_from(listener->owner, pid);
  });
}

std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes) {
  std::vector<std::int64_t> pids(inodes.size());
  for (std::size_t i = 0; i < inodes.size() && world().processes_visible; ++i) {
    for (const auto& listener : world().listeners) {
      if (listener->entry.inode == inodes[i]) pids[i] = listener->owner;
    }
  }
  return pids;
}

ProcessDetails process_details(std::int64_t pid) {
  return {.parent = world().processes[pid].parent, .name = "server", .command_line = "server --port"};
}

std::string user_name(std::uint32_t user) { return std::to_string(user); }

std::int64_t own_pid() { return 4242; }

}  // namespace portend::os
