// SPDX-License-Identifier: MIT
// Reads the socket table for TCP, without touching the sockets. open() returns nothing if a system has no
// table or denies access to it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"

namespace portend::os {

enum class Listening : std::uint8_t { unknown, no, yes, backlog_full };

inline bool is_listener(Listening listening) {
  return listening == Listening::yes || listening == Listening::backlog_full;
}

/// A socket as listed in the socket table.
struct TableEntry {
  Endpoint local;
  bool dual_stack = false;
  bool backlog_full = false;
  std::uint32_t bound_interface = 0;
  std::uint32_t user = 0;
  std::uint64_t inode = 0;
};

/// Whether a connection from this machine to `where` would reach this listener.
inline bool is_met_by(const TableEntry& listener, const Endpoint& where) {
  constexpr std::uint32_t loopback_interface = 1;
  if (listener.local.port != where.port || listener.bound_interface > loopback_interface) return false;
  if (listener.local.ip == where.ip || listener.dual_stack) return true;
  return listener.local.ip == (where.ip.family == Family::ipv4 ? any4 : any6);
}

/// Valid only in the network namespace and the process in which it was opened.
class SocketTable {
 public:
  static std::optional<SocketTable> open();

  /// Whether this machine can connect to itself: all such connections use the loopback interface. True if the
  /// system does not tell.
  [[nodiscard]] bool loopback_is_up() const;

  /// For each endpoint: what a connection to it would reach. `unknown` if that cannot be determined.
  void look(std::span<const Endpoint> where, std::span<Listening> found);

  /// All listening sockets; nullopt if the kernel refuses.
  std::optional<std::vector<TableEntry>> listeners();

  /// All TCP ports that a bind to the wildcard address would find in use, as far as the kernel lists them.
  std::vector<std::uint16_t> taken_ports();

 private:
  explicit SocketTable(Descriptor netlink) : netlink_(std::move(netlink)) {}

  Descriptor netlink_;
  [[maybe_unused]] std::uint32_t sequence_ = 0;
};

/// All listening sockets, by any means this system has; nullopt if it has none.
std::optional<std::vector<TableEntry>> listening_sockets();

/// Reports sockets that the kernel destroys. While a monitor is open, each close of a TCP socket on this
/// machine costs slightly more, so keep it open only as long as needed.
class ListenerCloseMonitor {
 public:
  enum class Notices : std::uint8_t { listeners, all_sockets };

  /// Monitors these ports; all ports if there are many.
  static std::optional<ListenerCloseMonitor> open(std::span<const std::uint16_t> ports, Notices notices);

  [[nodiscard]] int descriptor() const { return netlink_.get(); }

  /// The ports of all sockets that were destroyed since the last call; nullopt if notices were lost.
  std::optional<std::vector<std::uint16_t>> drain();

 private:
  explicit ListenerCloseMonitor(Descriptor netlink) : netlink_(std::move(netlink)) {}

  Descriptor netlink_;
};

}  // namespace portend::os
