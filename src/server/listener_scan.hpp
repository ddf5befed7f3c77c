// SPDX-License-Identifier: MIT
// Finds the port that a process or a descendant of it listens on.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "os/socket_list.hpp"
#include "os/time.hpp"

namespace portend::server {

/// What counts also.
struct Accepted {
  bool any_port = false;   // a listener on another port
  bool any_owner = false;  // a listener of another process, or a port that the kernel forwards
};

class ListenerScan {
 public:
  /// Listeners that are there already never count.
  ListenerScan(std::uint16_t port, Accepted accepted);

  /// The port, if a listener of the processes is there. `root` and its descendants are the processes.
  std::optional<std::uint16_t> find(std::int64_t root);

  /// Another port that they listen on.
  [[nodiscard]] std::optional<std::uint16_t> other_port(std::int64_t root) const;

  /// Whether a process listens on the port, whichever it is.
  [[nodiscard]] bool has_listener() const;

 private:
  std::optional<std::uint16_t> find_in_table(std::int64_t root);
  bool counts(std::int64_t root, const os::SocketEntry& entry);
  bool is_forwarded();

  std::uint16_t port_;
  Accepted accepted_;
  bool was_forwarded_ = false;
  bool has_table_ = true;
  std::unordered_set<std::uint64_t> old_;                   // sockets that were there before
  std::unordered_map<std::uint64_t, os::Instant> foreign_;  // sockets of other processes: when to ask again
  os::Instant next_connect_{};
};

}  // namespace portend::server
