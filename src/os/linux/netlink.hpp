// SPDX-License-Identifier: MIT
// sock_diag(7): requests to the kernel about TCP sockets, and their answers.
#pragma once

#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/linux/tcp_states.hpp"
#include "os/socket.hpp"

namespace portend::os {

struct DiagRequest {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

/// Empty if the system has no netlink, or denies access to it.
Descriptor open_diag_socket(std::uint32_t groups = 0, std::span<const sock_filter> filter = {});

/// Opens a socket to read the socket table. Also empty if PORTEND_PROBE=connect is set.
Descriptor open_table_socket();

DiagRequest exact_request(const Endpoint& where, std::uint32_t sequence);

/// A request for all sockets of a family, in these states and on these local ports.
struct DumpRequest {
  nlmsghdr header;
  inet_diag_req_v2 body;
  nlattr attribute;  // INET_DIAG_REQ_BYTECODE
  std::array<inet_diag_bc_op, 4> program;
};

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;
};

DumpRequest dump_request(Transport transport, Family family, std::uint32_t states, PortRange ports = {});

bool send_all(const Descriptor& netlink, std::span<const DiagRequest> requests);

/// One answer: a socket, or the errno that says why there is none.
struct DiagAnswer {
  std::uint32_t sequence = 0;
  int error = 0;
  const inet_diag_msg* socket = nullptr;
  std::size_t size = 0;  // of the message at `socket`, with its attributes
};

/// Calls `take` for every answer in the next `messages` messages. Does not wait: returns false if any of them
/// has not arrived, or is incomplete.
bool receive(const Descriptor& netlink, std::size_t messages,
             const std::function<void(const DiagAnswer&)>& take);

/// Calls `take` for every socket that the dumps of these requests list. If a dump is interrupted (the table
/// changed meanwhile, an answer was lost or cut short), a new netlink socket replaces `netlink`, `restart` is
/// called, and all dumps start again. Returns false if the kernel refuses, or if no attempt is complete;
/// discard what was taken then.
bool dump(Descriptor& netlink, std::uint32_t& sequence, std::span<DumpRequest> requests,
          const std::function<void()>& restart, const std::function<void(const DiagAnswer&)>& take);

Endpoint local_endpoint(const inet_diag_msg& socket);
Endpoint peer_endpoint(const inet_diag_msg& socket);

/// Whether an IPv6 socket refuses IPv4, if the kernel reported it.
bool is_v6_only(const DiagAnswer& answer);

}  // namespace portend::os
