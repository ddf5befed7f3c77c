// SPDX-License-Identifier: MIT
// sock_diag(7): requests to the kernel about TCP sockets, and their answers.
#pragma once

#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "os/address.hpp"
#include "os/descriptor.hpp"

namespace portend::os {

/// States of a TCP socket as the kernel numbers them.
inline constexpr int tcp_listen = 10;
inline constexpr std::uint32_t only_listening = 1U << tcp_listen;
inline constexpr std::uint32_t any_state = 0x3fff;

struct DiagRequest {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

/// Empty where the system has no netlink, or denies it.
Descriptor open_diag_socket(std::uint32_t groups = 0, std::span<const sock_filter> filter = {});

DiagRequest exact_request(const Endpoint& where, std::uint32_t sequence);
DiagRequest dump_request(Family family, std::uint32_t states, std::uint32_t sequence);

bool send_all(const Descriptor& netlink, std::span<const DiagRequest> requests);

/// One answer: a socket, or why there is none (an errno).
struct DiagAnswer {
  std::uint32_t sequence = 0;
  int error = 0;
  const inet_diag_msg* socket = nullptr;
  std::size_t size = 0;  // of the message behind `socket`, attributes included
};

/// Calls `take` for every answer of one message or several, without waiting for any that is
/// not there yet. False where nothing came, or not all of it.
bool receive(const Descriptor& netlink, std::size_t messages,
             const std::function<void(const DiagAnswer&)>& take);

/// Calls `take` for every socket of a dump. False where the kernel refuses it.
bool dump(const Descriptor& netlink, const DiagRequest& request,
          const std::function<void(const DiagAnswer&)>& take);

Endpoint local_endpoint(const inet_diag_msg& socket);

/// Whether an IPv6 socket refuses IPv4, as far as the kernel told.
bool is_v6_only(const DiagAnswer& answer);

}  // namespace portend::os
