// SPDX-License-Identifier: MIT
// The socket table for TCP by bare calls; see sock_diag(7).
#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <cstdint>

namespace bare {

inline constexpr int state_listen = 10;

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

/// Asks for the listener at an address of this machine.
Question question_about(const sockaddr_in& target, std::uint32_t sequence);

/// Asks for all listeners.
Question question_about_all(int family);

/// Whether an answer contains a listener.
bool names_listener(const nlmsghdr& answer);

int open_table();

}  // namespace bare
