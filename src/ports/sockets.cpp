// SPDX-License-Identifier: MIT
#include "ports/sockets.hpp"

#include <algorithm>
#include <tuple>

#include "net/utf8.hpp"

namespace portend::ports {

namespace {

constexpr std::size_t longest_command_line = 4096;

auto order_of(const os::SocketEntry& entry) {
  const auto& [local, peer] = std::tie(entry.local, entry.peer);
  return std::tuple(local.port, local.ip.family, local.ip.bytes, entry.kind, peer.ip.family, peer.ip.bytes,
                    peer.port, entry.inode);
}

Process describe(std::int64_t pid) {
  const auto details = os::process_details(pid);
  return {.pid = pid,
          .parent = details.parent,
          .name = net::printable(details.name),
          .command_line = net::printable(details.command_line, longest_command_line)};
}

}  // namespace

std::optional<SocketSnapshot> SocketSnapshot::take(const os::SocketFilter& filter) {
  auto entries = os::list_sockets(filter);
  if (!entries) return {};
  return SocketSnapshot(std::move(*entries));
}

std::optional<SocketSnapshot> SocketSnapshot::take(std::span<const std::uint16_t> ports, bool udp) {
  const auto [first, last] = std::ranges::minmax(ports);
  auto entries = os::list_sockets({.first_port = first,
                                   .last_port = last,
                                   .listening = true,
                                   .bound = true,
                                   .connected = true,
                                   .time_wait = true,
                                   .udp = udp});
  if (!entries) return {};
  std::erase_if(*entries, [&](const os::SocketEntry& entry) {
    return std::ranges::find(ports, entry.local.port) == ports.end();
  });
  return SocketSnapshot(std::move(*entries));
}

SocketSnapshot::SocketSnapshot(std::vector<os::SocketEntry> entries) {
  // Most often the port decides, without the tuples of all members.
  std::ranges::sort(entries, [](const os::SocketEntry& left, const os::SocketEntry& right) {
    const auto [first, second] = std::pair(left.local.port, right.local.port);
    return first != second ? first < second : order_of(left) < order_of(right);
  });
  sockets_.reserve(entries.size());
  for (const auto& entry : entries) sockets_.push_back({.entry = entry, .user = user_of(entry)});
  find_owners();
}

void SocketSnapshot::find_owners() {
  std::vector<std::uint64_t> inodes;
  inodes.reserve(sockets_.size());
  for (const auto& socket : sockets_) {
    if (socket.entry.inode != 0) inodes.push_back(socket.entry.inode);
  }
  if (inodes.empty()) return;
  std::ranges::sort(inodes);
  const auto pids = os::owner_pids(inodes);
  for (auto& socket : sockets_) {
    if (socket.entry.inode == 0) continue;
    const auto index = std::ranges::lower_bound(inodes, socket.entry.inode) - inodes.begin();
    const auto pid = pids[static_cast<std::size_t>(index)];
    if (pid == 0) continue;
    const auto [found, is_new] = processes_.try_emplace(pid);
    if (is_new) found->second = describe(pid);
    socket.process = &found->second;
  }
}

/// The kernel reports user "root" for sockets that no process owns any more.
const std::string* SocketSnapshot::user_of(const os::SocketEntry& entry) {
  if (entry.inode == 0) return nullptr;
  const auto [found, is_new] = users_.try_emplace(entry.user);
  if (is_new) found->second = net::printable(os::user_name(entry.user));
  return &found->second;
}

}  // namespace portend::ports
