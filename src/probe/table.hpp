// SPDX-License-Identifier: MIT
// Looking at addresses of this machine in the kernel's table of sockets. What it says is a
// hint that saves connections: a port that is redirected has no listener there.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/socket_table.hpp"

namespace portend::probe {

class Table {
 public:
  /// Empty where the table cannot be asked, or is not to be trusted: a kernel that lacks the
  /// means says of every port that nobody listens.
  static std::optional<Table> open();

  /// For each address what a connection to it would meet, in whichever way is cheaper: an
  /// address at a time, or all listeners of the machine at once.
  void look(std::span<const os::Endpoint> where, std::span<os::Listening> found);

 private:
  explicit Table(os::SocketTable table) : table_(std::move(table)) {}

  bool look_at_all_listeners(std::span<const os::Endpoint> where, std::span<os::Listening> found);

  os::SocketTable table_;
  std::size_t listeners_ = 0;  // at the last time
};

}  // namespace portend::probe
