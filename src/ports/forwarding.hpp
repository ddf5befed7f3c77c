// SPDX-License-Identifier: MIT
// Detects ports that have no socket and still accept connections because the kernel forwards them (NAT).
// Ports that a container engine publishes are an example.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"
#include "os/time.hpp"
#include "ports/bind_addresses.hpp"

namespace portend::ports {

/// Whether this kernel may forward ports. Checks once per second of `moment`, which is the current time, or
/// always the same distance from it.
bool may_forward(os::Instant moment);

class ForwardingProbe {
 public:
  /// Waits for no connection beyond `until`.
  explicit ForwardingProbe(os::Instant until) : until_(until) {}

  /// Whether one of these addresses accepts a connection at `port`, which is bound there and does not listen.
  /// Closes an accepted connection without sending a byte.
  bool is_forwarded(const std::vector<BindAddress>& addresses, std::uint16_t port);

 private:
  bool accepts(const os::Endpoint& to);

  os::Instant until_;
  std::array<os::Descriptor, 2> sockets_;  // one per family; can connect again after a refusal
};

}  // namespace portend::ports
