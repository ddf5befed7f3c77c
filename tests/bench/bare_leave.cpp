// SPDX-License-Identifier: MIT
#include <linux/filter.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include "bare.hpp"
#include "bare_table.hpp"

namespace bare {

namespace {

/// Opens notices of each TCP socket of one port that ends.
int open_departures(std::uint16_t port) {
  std::array filter{
      sock_filter BPF_STMT(BPF_LD | BPF_H | BPF_ABS,
                           sizeof(nlmsghdr) + offsetof(inet_diag_msg, id.idiag_sport)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0xffffffffU),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
  };
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = 1U << (SKNLGRP_INET_TCP_DESTROY - 1) | 1U << (SKNLGRP_INET6_TCP_DESTROY - 1);
  const int departures = open_table();
  setsockopt(departures, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  const bool heard = bind(departures, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0;
  return heard ? departures : -1;
}

}  // namespace

void wait_until_free(std::uint16_t port) {
  constexpr int backstop_ms = 250;  // for a listener that was shut down but not closed
  const int departures = open_departures(port);
  while (is_listening(port)) {
    pollfd ready{.fd = departures, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, backstop_ms) == 0) continue;
    std::array<std::byte, 512> notice;
    recv(departures, notice.data(), notice.size(), 0);
  }
  close(departures);
  while (accepts(port)) poll(nullptr, 0, backstop_ms);
}

}  // namespace bare
