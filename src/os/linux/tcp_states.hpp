// SPDX-License-Identifier: MIT
// The numbers of socket states in Linux, in sock_diag(7) and in /proc/net/tcp.
#pragma once

#include <cstdint>

#include "os/socket.hpp"
#include "os/socket_list.hpp"

namespace portend::os {

inline constexpr int tcp_time_wait = 6;
inline constexpr int tcp_close = 7;  // for UDP: without a peer
inline constexpr int tcp_listen = 10;

/// The number in requests for sockets that are bound, not listening and not connected. Answers say CLOSE
/// instead.
inline constexpr int tcp_bound_inactive = 13;

constexpr std::uint32_t state_bit(int state) { return 1U << state; }

inline constexpr std::uint32_t only_listening = state_bit(tcp_listen);
inline constexpr std::uint32_t any_state = 0x3fff;

/// The TCP states that pass the filter.
constexpr std::uint32_t wanted_states(const SocketFilter& filter) {
  constexpr auto listening = state_bit(tcp_listen);
  constexpr auto bound = state_bit(tcp_bound_inactive);
  constexpr auto time_wait = state_bit(tcp_time_wait);
  constexpr auto connected = any_state & ~(listening | bound | time_wait | state_bit(tcp_close));
  return (filter.listening ? listening : 0) | (filter.bound ? bound : 0) |
         (filter.connected ? connected : 0) | (filter.time_wait ? time_wait : 0);
}

/// A process always has a bound socket. CLOSE without one is a connection that ends while it is listed.
constexpr SocketKind kind_of(Transport transport, int state, std::uint64_t inode) {
  if (transport == Transport::udp) return SocketKind::udp;
  if (state == tcp_listen) return SocketKind::listening;
  if (state == tcp_close && inode != 0) return SocketKind::bound;
  return state == tcp_time_wait ? SocketKind::time_wait : SocketKind::connected;
}

}  // namespace portend::os
