// SPDX-License-Identifier: MIT
#include "os/socket_table.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>

#include "os/environment.hpp"
#include "os/linux/netlink.hpp"
#include "os/linux/proc_net.hpp"

namespace portend::os {

namespace {

constexpr std::size_t batch = 64;

bool backlog_full(const inet_diag_msg& socket) { return socket.idiag_rqueue > socket.idiag_wqueue; }

Listening classify(const DiagAnswer& answer) {
  if (answer.socket == nullptr) return answer.error == ENOENT ? Listening::no : Listening::unknown;
  if (answer.socket->idiag_state != tcp_listen) return Listening::no;
  return backlog_full(*answer.socket) ? Listening::backlog_full : Listening::yes;
}

TableEntry entry_of(const DiagAnswer& answer) {
  const auto& socket = *answer.socket;
  TableEntry entry{.local = local_endpoint(socket)};
  entry.dual_stack = entry.local.ip == any6 && !is_v6_only(answer);
  entry.backlog_full = backlog_full(socket);
  entry.bound_interface = socket.id.idiag_if;
  entry.user = socket.idiag_uid;
  entry.inode = socket.idiag_inode;
  return entry;
}

}  // namespace

std::optional<SocketTable> SocketTable::open() {
  auto netlink = open_table_socket();
  if (!netlink) return {};
  return SocketTable(std::move(netlink));
}

bool SocketTable::loopback_is_up() const {
  ifreq request{.ifr_ifrn = {"lo"}, .ifr_ifru = {}};
  if (ioctl(netlink_.get(), SIOCGIFFLAGS, &request) != 0) return true;
  return (request.ifr_flags & IFF_UP) != 0;
}

void SocketTable::look(std::span<const Endpoint> where, std::span<Listening> found) {
  std::ranges::fill(found, Listening::unknown);
  std::array<DiagRequest, batch> requests;
  for (std::size_t done = 0; done < where.size(); done += batch) {
    const auto now = std::min(batch, where.size() - done);
    const std::uint32_t first = sequence_ + 1;
    sequence_ += static_cast<std::uint32_t>(now);
    for (std::size_t i = 0; i < now; ++i) {
      requests[i] = exact_request(where[done + i], first + static_cast<std::uint32_t>(i));
    }
    if (!send_all(netlink_, std::span(requests).first(now))) return;
    const auto note = [&](const DiagAnswer& answer) {
      const std::uint32_t which = answer.sequence - first;
      if (which < now) found[done + which] = classify(answer);
    };
    receive(netlink_, now, std::ref(note));
  }
}

std::optional<std::vector<TableEntry>> SocketTable::listeners() {
  std::array requests{dump_request(Transport::tcp, Family::ipv4, only_listening),
                      dump_request(Transport::tcp, Family::ipv6, only_listening)};
  std::vector<TableEntry> found;
  const bool told = dump(
      netlink_, sequence_, requests, [&] { found.clear(); },
      [&](const DiagAnswer& answer) { found.push_back(entry_of(answer)); });
  return told ? std::optional(std::move(found)) : std::nullopt;
}

std::vector<std::uint16_t> SocketTable::taken_ports() {
  std::array requests{dump_request(Transport::tcp, Family::ipv4, any_state),
                      dump_request(Transport::tcp, Family::ipv6, any_state)};
  std::vector<std::uint16_t> ports;
  dump(
      netlink_, sequence_, requests, [&] { ports.clear(); },
      [&](const DiagAnswer& answer) { ports.push_back(local_endpoint(*answer.socket).port); });
  std::ranges::sort(ports);
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  return ports;
}

std::optional<std::vector<TableEntry>> listening_sockets() {
  auto table = SocketTable::open();
  auto found = table ? table->listeners() : std::nullopt;
  return found ? found : listeners_from_proc();
}

}  // namespace portend::os
