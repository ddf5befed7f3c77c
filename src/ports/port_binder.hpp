// SPDX-License-Identifier: MIT
// Binds ports at all the addresses of a search.
#pragma once

#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"
#include "ports/bind_addresses.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// A port that is kept by sockets that are bound to it.
struct BoundPort {
  std::uint16_t port = 0;
  std::vector<os::Descriptor> sockets;  // a socket an address
};

/// What may be left on a port for it to be bound all the same.
enum class Leftovers : std::uint8_t {
  none,
  /// TIME_WAIT and connections of a server that is gone, as a server that sets SO_REUSEADDR may bind beside
  /// them; never another reservation.
  connections,
};

class PortBinder {
 public:
  /// Throws as bind_addresses does. A reservation also refuses what others bound and do not listen on, as far
  /// as the kernel lists it.
  PortBinder(const SearchOptions& options, os::Instant until, bool for_reservation);

  /// Binds the port at every address, or at none.
  os::Binding bind(std::uint16_t port, Leftovers allowed, BoundPort& result);

  /// Lets the kernel choose a port of `range` and binds it. False where it cannot, or finds
  /// none.
  bool bind_any(Range range, BoundPort& result);

  [[nodiscard]] const std::vector<BindAddress>& addresses() const { return addresses_; }

 private:
  /// The socket for an address: a failed bind leaves it for the next try, which saves most of
  /// what a try costs.
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
