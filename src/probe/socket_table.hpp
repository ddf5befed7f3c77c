// SPDX-License-Identifier: MIT
// Probes addresses of this machine by the kernel's socket table. A listener that it shows is
// there for certain; a port that is redirected has none there, so "no listener" is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/socket_table.hpp"

namespace portend::probe {

/// Whether a server that sets SO_REUSEADDR could bind an endpoint now.
enum class Bindable : std::uint8_t { yes, in_use, forbidden, absent };

class SocketTable {
 public:
  /// Whether it can be read at all. It is opened by the first question, if there is one.
  bool readable();

  /// For each address what a connection to it would meet, in whichever way is cheaper: an
  /// address at a time, or all listeners of the machine at once. Unknown where the table cannot
  /// be read or trusted.
  void look(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  os::Listening look(const os::Endpoint& where);

 private:
  void look_without_proof(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  bool look_at_all_listeners(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  bool proves_right();

  bool tried_ = false;
  std::optional<os::SocketTable> table_;
  std::size_t listeners_ = 0;  // at the last time
};

/// Tries it, by a socket that never listens and keeps no server from the port.
Bindable try_bind(const os::Endpoint& where);

/// Whether connections to or from local ports of `where` are left, in any state but LISTEN and
/// TIME_WAIT: a flag an endpoint. A wildcard address stands for all addresses. nullopt where
/// the system does not tell.
std::optional<std::vector<bool>> connections_left(std::span<const os::Endpoint> where);

/// Whether a listener that a connection to `where` would reach belongs to a process or to a
/// descendant of it. nullopt where the system does not tell.
std::optional<bool> is_owned_by(const os::Endpoint& where, std::int64_t pid);

}  // namespace portend::probe
