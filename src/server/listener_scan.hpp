// SPDX-License-Identifier: MIT
// Finds the port that a process or a descendant of it listens on.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "os/time.hpp"

namespace portend::server {

class ListenerScan {
 public:
  /// Listeners that are there already never count. `any`: a listener on another port will do.
  ListenerScan(std::uint16_t port, bool any);

  /// The port, if a listener of the processes is there. `root` and its descendants are the processes.
  std::optional<std::uint16_t> find(std::int64_t root);

  /// Another port that they listen on.
  [[nodiscard]] std::optional<std::uint16_t> other_port(std::int64_t root) const;

 private:
  std::optional<std::uint16_t> find_in_table(std::int64_t root);
  bool belongs(std::int64_t root, std::uint64_t inode);

  std::uint16_t port_;
  bool any_;
  bool has_table_ = true;
  std::unordered_set<std::uint64_t> old_;                   // sockets that were there before
  std::unordered_map<std::uint64_t, os::Instant> foreign_;  // sockets of other processes: when to ask again
};

}  // namespace portend::server
