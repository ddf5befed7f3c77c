// SPDX-License-Identifier: MIT
// Where a port is to be bound, and holding it there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"
#include "ports/wishes.hpp"

namespace portend::ports {

/// One socket that has to be bound.
struct Spot {
  os::Ip ip;
  os::Transport transport = os::Transport::tcp;
  bool dual_stack = false;
};

/// A port that is held by sockets that are bound to it.
struct Grip {
  std::uint16_t port = 0;
  std::vector<os::Descriptor> sockets;  // a socket a spot
};

/// All the spots that one port has to be bound at, on the addresses that this machine has.
class Place {
 public:
  /// Throws NoAddress, or NoPort where the host is not of this machine.
  explicit Place(const Wishes& wishes);

  /// Binds the port at every spot, or at none.
  os::Binding hold(std::uint16_t port, Grip& grip);

  /// Lets the kernel choose a port of `range` and binds it. False where it cannot, or finds
  /// none.
  bool hold_any(Range range, Grip& grip);

  [[nodiscard]] const std::vector<Spot>& spots() const { return spots_; }
  [[nodiscard]] bool whole_machine() const { return whole_machine_; }

  /// "this machine", or the host.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  /// The socket for a spot: a failed bind leaves it for the next try, which saves most of
  /// what a try costs.
  os::Descriptor& blank(std::size_t spot);
  os::Binding bind_from(std::size_t first, std::uint16_t port);
  void take(std::uint16_t port, Grip& grip);
  void require_address();

  std::string name_;
  bool whole_machine_ = false;
  std::vector<Spot> spots_;
  std::vector<os::Descriptor> blanks_;
};

}  // namespace portend::ports
