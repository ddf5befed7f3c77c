// SPDX-License-Identifier: MIT
// Probes addresses of this machine in the socket table. A listener in the table certainly exists. The absence
// of one proves nothing, since a redirected port has no listener there.
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
  /// Whether the table can be read. Opens it on the first call.
  bool readable();

  /// For each endpoint: what a connection to it would reach. Asks for one endpoint at a time, or lists all
  /// listeners of the machine, whichever is cheaper. `unknown` if the table cannot be read or trusted.
  void look(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  os::Listening look(const os::Endpoint& where);

 private:
  void read_without_check(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  bool look_at_all_listeners(std::span<const os::Endpoint> where, std::span<os::Listening> found);
  bool is_trustworthy();

  bool tried_ = false;
  std::optional<os::SocketTable> table_;
  std::size_t listeners_ = 0;  // in the last list
};

/// Tries to bind an endpoint with a socket that never listens and does not keep a server from the port.
Bindable try_bind(const os::Endpoint& where);

/// For each endpoint: whether connections to or from its local port remain, in any state but LISTEN and
/// TIME_WAIT. A wildcard address stands for all addresses. nullopt if the system does not tell.
std::optional<std::vector<bool>> connections_left(std::span<const os::Endpoint> where);

/// Whether a listener that a connection to `where` would reach belongs to a process or one of its
/// descendants. nullopt if the system does not tell.
std::optional<bool> is_owned_by(const os::Endpoint& where, std::int64_t pid);

}  // namespace portend::probe
