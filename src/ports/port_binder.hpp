// SPDX-License-Identifier: MIT
// Where a port is to be bound, and holding it there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// One socket that has to be bound.
struct BindAddress {
  os::Ip ip;
  os::Transport transport = os::Transport::tcp;
  bool dual_stack = false;
};

/// A port that is held by sockets that are bound to it.
struct BoundPort {
  std::uint16_t port = 0;
  std::vector<os::Descriptor> sockets;  // a socket an address
};

/// All the addresses that one port has to be bound at, on the addresses that this machine has.
class PortBinder {
 public:
  /// Throws NoAddress, or NoPort where the host is not of this machine.
  explicit PortBinder(const SearchOptions& options);

  /// Binds the port at every address, or at none.
  os::Binding bind(std::uint16_t port, BoundPort& result);

  /// Lets the kernel choose a port of `range` and binds it. False where it cannot, or finds
  /// none.
  bool bind_any(Range range, BoundPort& result);

  [[nodiscard]] const std::vector<BindAddress>& addresses() const { return addresses_; }
  [[nodiscard]] bool whole_machine() const { return whole_machine_; }

  /// "this machine", or the host.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  /// The socket for a address: a failed bind leaves it for the next try, which saves most of
  /// what a try costs.
  os::Descriptor& unbound_socket(std::size_t address);
  os::Binding bind_from(std::size_t first, std::uint16_t port);
  void take(std::uint16_t port, BoundPort& result);
  void require_address();

  std::string name_;
  bool whole_machine_ = false;
  std::vector<BindAddress> addresses_;
  std::vector<os::Descriptor> unbound_;
};

}  // namespace portend::ports
