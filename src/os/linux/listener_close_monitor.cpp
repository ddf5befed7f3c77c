// SPDX-License-Identifier: MIT
#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "os/linux/netlink.hpp"
#include "os/socket_table.hpp"

namespace portend::os {

namespace {

/// A filter with more ports than this costs more at each close than it saves.
constexpr std::size_t most_ports_in_filter = 64;

constexpr std::uint32_t group_bit(int group) { return 1U << (group - 1); }

constexpr std::uint32_t header = sizeof(nlmsghdr);
constexpr std::uint32_t source_port = header + offsetof(inet_diag_msg, id.idiag_sport);
constexpr std::uint32_t destination_port = header + offsetof(inet_diag_msg, id.idiag_dport);

/// Passes notices of the requested kind: of sockets that never had a peer (listeners), or of all sockets.
/// Unless there are too many ports, passes only the ports in `ports`.
std::vector<sock_filter> filter_for(std::span<const std::uint16_t> ports,
                                    ListenerCloseMonitor::Notices notices) {
  const sock_filter pass = BPF_STMT(BPF_RET | BPF_K, 0xffffffffU);
  const sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  std::vector<sock_filter> program;
  if (notices == ListenerCloseMonitor::Notices::listeners) {
    program = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, destination_port),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        drop,
    };
  }
  if (ports.size() <= most_ports_in_filter) {
    program.push_back(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, source_port));
    for (const auto port : ports) {
      program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1));
      program.push_back(pass);
    }
    program.push_back(drop);
  } else {
    program.push_back(pass);
  }
  return program;
}

}  // namespace

std::optional<ListenerCloseMonitor> ListenerCloseMonitor::open(std::span<const std::uint16_t> ports,
                                                               Notices notices) {
  const auto groups = group_bit(SKNLGRP_INET_TCP_DESTROY) | group_bit(SKNLGRP_INET6_TCP_DESTROY);
  auto netlink = open_diag_socket(groups, filter_for(ports, notices));
  if (!netlink) return {};
  return ListenerCloseMonitor(std::move(netlink));
}

std::optional<std::vector<std::uint16_t>> ListenerCloseMonitor::drain() {
  std::vector<std::uint16_t> ports;
  const auto note = [&](const DiagAnswer& answer) {
    if (answer.socket != nullptr) ports.push_back(local_endpoint(*answer.socket).port);
  };
  while (receive(netlink_, 1, note)) {
  }
  if (errno == ENOBUFS) return {};
  return ports;
}

}  // namespace portend::os
