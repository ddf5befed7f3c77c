// SPDX-License-Identifier: MIT
// Finds the port that a process or one of its descendants listens on.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "os/socket_list.hpp"
#include "os/time.hpp"

namespace portend::server {

/// What counts besides a listener of the processes on the port.
struct Accepted {
  bool any_port = false;   // a listener on another port
  bool any_owner = false;  // a listener of another process, or a port that the kernel forwards
};

class ListenerScan {
 public:
  /// Listeners that already exist never count.
  ListenerScan(std::uint16_t port, Accepted accepted);

  /// Returns the port on which `root` or one of its descendants listens; nothing if there is none yet.
  std::optional<std::uint16_t> find(std::int64_t root);

  /// Returns another port that these processes listen on.
  [[nodiscard]] std::optional<std::uint16_t> other_port(std::int64_t root) const;

  /// Whether a process listens on the port that is neither `root` nor one of its descendants.
  [[nodiscard]] bool has_foreign_listener(std::int64_t root) const;

 private:
  std::optional<std::uint16_t> find_in_table(std::int64_t root);
  bool counts(std::int64_t root, const os::SocketEntry& entry);
  bool is_forwarded();

  std::uint16_t port_;
  Accepted accepted_;
  bool was_forwarded_ = false;
  bool has_table_ = true;
  std::unordered_set<std::uint64_t> old_;                   // sockets that existed before
  std::unordered_map<std::uint64_t, os::Instant> foreign_;  // sockets of other processes: when to check again
  os::Instant next_connect_{};
};

}  // namespace portend::server
