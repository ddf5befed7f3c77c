// SPDX-License-Identifier: MIT
#include "os/socket_list.hpp"

#include <array>
#include <utility>

#include "os/linux/netlink.hpp"
#include "os/linux/proc_net.hpp"
#include "os/linux/tcp_states.hpp"

namespace portend::os {

namespace {

SocketEntry entry_of(const DiagAnswer& answer, Transport transport) {
  const auto& socket = *answer.socket;
  SocketEntry entry;
  entry.kind = kind_of(transport, socket.idiag_state, socket.idiag_inode);
  entry.local = local_endpoint(socket);
  entry.dual_stack = entry.kind != SocketKind::connected && entry.local.ip == any6 && !is_v6_only(answer);
  entry.local.ip = unmapped(entry.local.ip);
  entry.local.ip.scope = is_link_local(entry.local.ip) ? socket.id.idiag_if : 0;
  entry.peer = peer_endpoint(socket);
  entry.peer.ip = unmapped(entry.peer.ip);
  entry.user = socket.idiag_uid;
  entry.inode = socket.idiag_inode;
  if (entry.kind == SocketKind::time_wait) entry.remaining = std::chrono::milliseconds(socket.idiag_expires);
  return entry;
}

/// A connection that ends while it is listed has lost its port. What is left of it in TIME_WAIT may be
/// missing then, so all are listed again, a few times.
bool list(Descriptor& netlink, Transport transport, std::uint32_t states, PortRange ports,
          std::vector<SocketEntry>& found) {
  constexpr int attempts = 3;
  if (states == 0) return true;
  std::array requests{dump_request(transport, Family::ipv4, states, ports),
                      dump_request(transport, Family::ipv6, states, ports)};
  const auto before = found.size();
  std::uint32_t sequence = 0;
  bool changed = true;
  const auto restart = [&] {
    found.resize(before);
    changed = false;
  };
  const auto take = [&](const DiagAnswer& answer) {
    const auto entry = entry_of(answer, transport);
    if (entry.local.port == 0) {
      changed = true;
    } else {
      found.push_back(entry);
    }
  };
  for (int attempt = 0; changed && attempt < attempts; ++attempt) {
    if (!dump(netlink, sequence, requests, restart, take)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<SocketEntry>> list_sockets(const SocketFilter& filter) {
  auto netlink = open_table_socket();
  const PortRange ports{filter.first_port, filter.last_port};
  std::vector<SocketEntry> found;
  const bool told = netlink && list(netlink, Transport::tcp, wanted_states(filter), ports, found) &&
                    list(netlink, Transport::udp, filter.udp ? any_state : 0, ports, found);
  return told ? std::optional(std::move(found)) : sockets_from_proc(filter);
}

}  // namespace portend::os
