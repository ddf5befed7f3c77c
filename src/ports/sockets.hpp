// SPDX-License-Identifier: MIT
// The sockets of this machine with the processes that own them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "os/process.hpp"
#include "os/socket_list.hpp"

namespace portend::ports {

/// A process with texts that are harmless on a terminal, and valid UTF-8.
struct Process {
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  std::string name;
  std::string command_line;
};

struct Socket {
  os::SocketEntry entry;
  const Process* process = nullptr;   // nullptr where the system does not tell
  const std::string* user = nullptr;  // the same
};

/// The sockets of one moment, sorted by port, address and peer.
class SocketSnapshot {
 public:
  /// nullopt where the system does not tell.
  static std::optional<SocketSnapshot> take(const os::SocketFilter& filter);

  /// The same for single ports, all kinds of TCP sockets.
  static std::optional<SocketSnapshot> take(std::span<const std::uint16_t> ports, bool udp);

  [[nodiscard]] const std::vector<Socket>& sockets() const { return sockets_; }

 private:
  explicit SocketSnapshot(std::vector<os::SocketEntry> entries);
  void find_owners();
  const std::string* user_of(const os::SocketEntry& entry);

  std::vector<Socket> sockets_;
  // Nodes of a map stay where they are when the map is moved.
  std::map<std::int64_t, Process> processes_;
  std::map<std::uint32_t, std::string> users_;
};

}  // namespace portend::ports
