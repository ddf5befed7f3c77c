// SPDX-License-Identifier: MIT
// Ports that no socket has, and that yet accept connections: the kernel forwards them (NAT), as those that a
// container engine publishes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"
#include "os/time.hpp"
#include "ports/bind_addresses.hpp"

namespace portend::ports {

/// Whether this kernel may forward ports. It is looked at once a second: so `moment` is now, or as long from
/// now at each call.
bool may_forward(os::Instant moment);

class ForwardingProbe {
 public:
  /// Waits for no connection longer than until then.
  explicit ForwardingProbe(os::Instant until) : until_(until) {}

  /// Whether a connection to one of these addresses is accepted at `port`, which is bound there and does not
  /// listen. A connection that is accepted is closed again, without a byte sent.
  bool is_forwarded(const std::vector<BindAddress>& addresses, std::uint16_t port);

 private:
  bool accepts(const os::Endpoint& to);

  os::Instant until_;
  std::array<os::Descriptor, 2> sockets_;  // one a family; one that was refused may connect again
};

}  // namespace portend::ports
