// SPDX-License-Identifier: MIT
#include "ports/listener_owner.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <system_error>

#include "net/utf8.hpp"
#include "os/socket_table.hpp"

namespace portend::ports {

namespace {

/// For each address: the inode of the listener that a connection to it reaches; 0 if there is none.
std::vector<std::uint64_t> listener_inodes(std::span<const os::Endpoint> addresses) {
  std::vector<std::uint64_t> inodes(addresses.size());
  auto entries = os::listening_sockets();
  if (!entries) return inodes;
  const auto port_of = [](const os::TableEntry& entry) { return entry.local.port; };
  std::ranges::sort(*entries, {}, port_of);
  std::ranges::transform(addresses, inodes.begin(), [&](const os::Endpoint& address) {
    const auto first = std::ranges::lower_bound(*entries, address.port, {}, port_of);
    const auto last = std::ranges::upper_bound(*entries, address.port, {}, port_of);
    const auto entry =
        std::find_if(first, last, [&](const auto& each) { return os::is_met_by(each, address); });
    return entry == last ? 0 : entry->inode;
  });
  return inodes;
}

}  // namespace

std::vector<std::optional<os::Owner>> listener_owners(std::span<const os::Endpoint> addresses) try {
  const auto inodes = listener_inodes(addresses);
  auto sorted = inodes;
  std::erase(sorted, 0);
  std::ranges::sort(sorted);
  const auto owners = os::owners(sorted);
  std::vector<std::optional<os::Owner>> result(addresses.size());
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (inodes[i] == 0) continue;
    const auto index = std::ranges::lower_bound(sorted, inodes[i]) - sorted.begin();
    const auto& owner = owners[static_cast<std::size_t>(index)];
    if (owner.pid != 0) result[i] = {owner.pid, net::printable(owner.name)};
  }
  return result;
} catch (const std::system_error&) {
  // No descriptor is available to find the owners.
  return std::vector<std::optional<os::Owner>>(addresses.size());
}

std::optional<os::Owner> listener_owner(const os::Endpoint& address) {
  return listener_owners(std::array{address}).front();
}

}  // namespace portend::ports
