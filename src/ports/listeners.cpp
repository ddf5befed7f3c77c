// SPDX-License-Identifier: MIT
#include "ports/listeners.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>
#include <tuple>

#include "os/socket_table.hpp"

namespace portend::ports {

namespace {

std::vector<os::Owner> owners_of(const std::vector<os::TableEntry>& entries) {
  std::vector<std::uint64_t> inodes;
  inodes.reserve(entries.size());
  for (const auto& entry : entries) inodes.push_back(entry.inode);
  std::ranges::sort(inodes);
  const auto by_inode = os::owners(inodes);
  std::vector<os::Owner> owners;
  owners.reserve(entries.size());
  for (const auto& entry : entries) {
    const auto place = std::ranges::lower_bound(inodes, entry.inode) - inodes.begin();
    owners.push_back(by_inode[static_cast<std::size_t>(place)]);
  }
  return owners;
}

std::optional<std::vector<os::TableEntry>> entries_on(std::uint16_t port) {
  auto entries = os::listening_sockets();
  if (entries && port != 0) {
    std::erase_if(*entries, [&](const os::TableEntry& entry) { return entry.local.port != port; });
  }
  return entries;
}

}  // namespace

std::optional<std::vector<Listener>> listeners(std::uint16_t port) {
  auto entries = entries_on(port);
  if (!entries) return {};
  std::ranges::sort(*entries, {}, [](const os::TableEntry& entry) {
    const auto& [ip, port] = entry.local;
    return std::tuple(port, ip.family, ip.bytes, entry.inode);
  });

  auto owners = owners_of(*entries);
  std::map<std::uint32_t, std::string> users;
  std::vector<Listener> found;
  found.reserve(entries->size());
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto& entry = (*entries)[i];
    auto& user = users[entry.user];
    if (user.empty()) user = os::user_name(entry.user);
    found.push_back({entry.local, entry.dual_stack, std::move(owners[i]), user});
  }
  return found;
}

std::optional<os::Owner> holder(const os::Endpoint& where) try {
  const auto entries = entries_on(where.port);
  if (!entries) return {};
  const auto entry =
      std::ranges::find_if(*entries, [&](const os::TableEntry& each) { return os::is_met_by(each, where); });
  if (entry == entries->end()) return {};
  auto owner = os::owners(std::array{entry->inode}).front();
  return owner.pid == 0 ? std::nullopt : std::optional(std::move(owner));
} catch (const std::system_error&) {
  return {};  // no descriptor left to find it out with
}

}  // namespace portend::ports
