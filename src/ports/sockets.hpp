// SPDX-License-Identifier: MIT
// The sockets of this machine, with the processes that own them.
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

/// A process. Its texts are valid UTF-8 and safe to print on a terminal.
struct Process {
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  std::string name;
  std::string command_line;
};

struct Socket {
  os::SocketEntry entry;
  const Process* process = nullptr;   // nullptr if unknown
  const std::string* user = nullptr;  // nullptr if unknown
};

/// A snapshot of sockets, sorted by port, address and peer.
class SocketSnapshot {
 public:
  /// nullopt if the system does not list sockets.
  static std::optional<SocketSnapshot> take(const os::SocketFilter& filter);

  /// The same for single ports, with all kinds of TCP sockets.
  static std::optional<SocketSnapshot> take(std::span<const std::uint16_t> ports, bool udp);

  [[nodiscard]] const std::vector<Socket>& sockets() const { return sockets_; }

 private:
  explicit SocketSnapshot(std::vector<os::SocketEntry> entries);
  void find_owners();
  const std::string* user_of(const os::SocketEntry& entry);

  std::vector<Socket> sockets_;
  // References into this map stay valid when the map is moved.
  std::map<std::int64_t, Process> processes_;
  std::map<std::uint32_t, std::string> users_;
};

}  // namespace portend::ports
