// SPDX-License-Identifier: MIT
// The socket table for TCP, asked without touching the sockets. Where a system has
// none, or denies it, nothing opens.
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

/// A socket as the table shows it.
struct TableEntry {
  Endpoint local;
  bool dual_stack = false;
  bool backlog_full = false;
  std::uint32_t bound_interface = 0;
  std::uint32_t user = 0;
  std::uint64_t inode = 0;
};

/// Whether a connection of this machine to `where` would meet this listener.
inline bool is_met_by(const TableEntry& listener, const Endpoint& where) {
  constexpr std::uint32_t loopback_interface = 1;
  if (listener.local.port != where.port || listener.bound_interface > loopback_interface) return false;
  if (listener.local.ip == where.ip || listener.dual_stack) return true;
  return listener.local.ip == (where.ip.family == Family::ipv4 ? any4 : any6);
}

/// Belongs to the network namespace it was opened in, and to the process.
class SocketTable {
 public:
  static std::optional<SocketTable> open();

  /// Whether connections of this machine to itself can be made: they all go through the loopback
  /// interface. True where the system does not tell.
  [[nodiscard]] bool loopback_is_up() const;

  /// For each address what a connection to it would meet. What could not be learnt stays
  /// unknown.
  void look(std::span<const Endpoint> where, std::span<Listening> found);

  /// All listening sockets; nullopt where the kernel refuses.
  std::optional<std::vector<TableEntry>> listeners();

  /// All TCP ports that a bind to every address would find taken, as far as the kernel
  /// lists them.
  std::vector<std::uint16_t> taken_ports();

 private:
  explicit SocketTable(Descriptor netlink) : netlink_(std::move(netlink)) {}

  Descriptor netlink_;
  [[maybe_unused]] std::uint32_t sequence_ = 0;
};

/// All listening sockets, by whatever means this system has; nullopt where it has none.
std::optional<std::vector<TableEntry>> listening_sockets();

/// Notices of sockets that the kernel destroys. While anything takes them, each close of a TCP
/// socket on this machine costs a little more: only as long as needed.
class ListenerCloseMonitor {
 public:
  enum class Notices : std::uint8_t { listeners, all_sockets };

  /// For these ports, or for all where they are many.
  static std::optional<ListenerCloseMonitor> open(std::span<const std::uint16_t> ports, Notices notices);

  [[nodiscard]] int descriptor() const { return netlink_.get(); }

  /// The ports of all that were destroyed since; nullopt where notices were lost.
  std::optional<std::vector<std::uint16_t>> drain();

 private:
  explicit ListenerCloseMonitor(Descriptor netlink) : netlink_(std::move(netlink)) {}

  Descriptor netlink_;
};

}  // namespace portend::os
