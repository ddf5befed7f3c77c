// SPDX-License-Identifier: MIT
// Lists the TCP and UDP sockets of this network namespace, in every state.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/address.hpp"

namespace portend::os {

enum class SocketKind : std::uint8_t {
  listening,
  bound,      // bound, not listening and not connected
  connected,  // any state from SYN_SENT to LAST_ACK
  time_wait,
  udp,
};

struct SocketFilter {
  std::uint16_t first_port = 1;
  std::uint16_t last_port = 65535;
  bool listening = false;
  bool bound = false;
  bool connected = false;
  bool time_wait = false;
  bool udp = false;
};

struct SocketEntry {
  SocketKind kind = SocketKind::listening;
  Endpoint local;
  Endpoint peer;  // port 0: none
  bool dual_stack = false;
  std::uint32_t user = 0;
  std::uint64_t inode = 0;                // 0: no process has the socket open
  std::chrono::milliseconds remaining{};  // of TIME_WAIT
};

inline bool passes(const SocketFilter& filter, const SocketEntry& entry) {
  if (entry.local.port < filter.first_port || entry.local.port > filter.last_port) return false;
  switch (entry.kind) {
    case SocketKind::listening:
      return filter.listening;
    case SocketKind::bound:
      return filter.bound;
    case SocketKind::connected:
      return filter.connected;
    case SocketKind::time_wait:
      return filter.time_wait;
    case SocketKind::udp:
      break;
  }
  return filter.udp;
}

/// The sockets that pass the filter, in any order. nullopt if this system has no list of sockets, or if the
/// list cannot be read completely. Bound sockets are included if the kernel lists them (Linux 6.8, by
/// netlink).
std::optional<std::vector<SocketEntry>> list_sockets(const SocketFilter& filter);

}  // namespace portend::os
