// SPDX-License-Identifier: MIT
// Binds ports at all addresses of a search.
#pragma once

#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"
#include "ports/bind_addresses.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// A port that is kept by bound sockets.
struct BoundPort {
  std::uint16_t port = 0;
  std::vector<os::Descriptor> sockets;  // one per address
};

/// What may exist on a port that is bound.
enum class Leftovers : std::uint8_t {
  none,
  /// TIME_WAIT, and connections of a server that has ended: a server that sets SO_REUSEADDR may bind beside
  /// them. Never another reservation.
  connections,
};

class PortBinder {
 public:
  /// Throws as bind_addresses does. A reservation also refuses ports that other programs have bound without
  /// listening, as far as the kernel lists them.
  PortBinder(const SearchOptions& options, os::Instant until, bool for_reservation);

  /// Binds the port at every address, or at none.
  os::Binding bind(std::uint16_t port, Leftovers allowed, BoundPort& result);

  /// Lets the kernel choose a port of `range`, and binds it. False if the kernel cannot do that, or finds
  /// none.
  bool bind_any(Range range, BoundPort& result);

  [[nodiscard]] const std::vector<BindAddress>& addresses() const { return addresses_; }

 private:
  PortBinder(BindAddresses found, bool for_reservation);

  /// Returns the socket for an address. It is reused after a failed bind, which saves most of the cost of an
  /// attempt.
  os::Descriptor& unbound_socket(std::size_t address);
  os::Binding bind_from(std::size_t first, std::uint16_t port);
  os::Binding bind_beside_connections(std::uint16_t port);
  os::Binding lock(std::uint16_t port, std::vector<os::Descriptor>& guards) const;
  void set_reuse_of_tcp();
  void take(std::uint16_t port, BoundPort& result);

  std::vector<BindAddress> addresses_;
  std::vector<os::Descriptor> unbound_;
  bool for_reservation_;
};

}  // namespace portend::ports
