// SPDX-License-Identifier: MIT
// POSIX has no socket table: every probe connects.
#include "os/socket_table.hpp"

namespace portend::os {

std::optional<SocketTable> SocketTable::open() { return {}; }
bool SocketTable::loopback_is_up() const { return true; }
void SocketTable::look(std::span<const Endpoint>, std::span<Listening>) {}
std::optional<std::vector<TableEntry>> SocketTable::listeners() { return {}; }
std::vector<std::uint16_t> SocketTable::taken_ports() { return {}; }

std::optional<std::vector<TableEntry>> listening_sockets() { return {}; }

std::optional<ListenerCloseMonitor> ListenerCloseMonitor::open(std::span<const std::uint16_t>, Notices) {
  return {};
}
std::optional<std::vector<std::uint16_t>> ListenerCloseMonitor::drain() { return {}; }

}  // namespace portend::os
