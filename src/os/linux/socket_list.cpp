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

bool list(Descriptor& netlink, Transport transport, std::uint32_t states, PortRange ports,
          std::vector<SocketEntry>& found) {
  if (states == 0) return true;
  std::array requests{dump_request(transport, Family::ipv4, states, ports),
                      dump_request(transport, Family::ipv6, states, ports)};
  const auto before = found.size();
  std::uint32_t sequence = 0;
  return dump(
      netlink, sequence, requests, [&] { found.resize(before); },
      [&](const DiagAnswer& answer) { found.push_back(entry_of(answer, transport)); });
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
