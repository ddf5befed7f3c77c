// SPDX-License-Identifier: MIT
// A port that is kept by bound sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/descriptor.hpp"
#include "ports/port_binder.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// Keeps a port by sockets that do not listen. One is bound on the whole machine, so that the system assigns
/// the port to no other process. The others are for a server to listen on. TCP sockets have SO_REUSEADDR set,
/// so that a server that sets it can also bind the port. UDP sockets do not, since two sockets would share
/// the datagrams.
class Reservation {
 public:
  /// Reserves `count` ports, adjacent if the options say so. Throws as a Search does.
  static std::vector<Reservation> create(const SearchOptions& options, std::size_t count);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// The number of sockets for a server, one per address; 0 after park().
  [[nodiscard]] std::size_t socket_count() const { return addresses_.size(); }

  /// The UDP socket is created on the first call, so that no datagram is accepted and lost before. Throws
  /// std::system_error.
  const os::Descriptor& socket(std::size_t index);

  void listen(int backlog);

  /// Replaces the sockets by TIME_WAIT, and returns for how long. Nothing if none of the addresses can be
  /// parked. In that case, or if it throws std::system_error, the sockets still keep the port.
  std::optional<std::chrono::seconds> park();

  /// Lets programs that this process executes from now on also keep the port. Throws std::system_error.
  void inherit() const;

  [[nodiscard]] bool listens() const { return state_ == State::listening; }
  [[nodiscard]] bool parked() const { return state_ == State::parked; }

 private:
  enum class State : std::uint8_t { held, listening, parked };

  Reservation(std::uint16_t port, std::vector<BindAddress> addresses);

  /// Takes over the sockets of a search. False if another socket cannot be bound beside one of them.
  bool take(std::vector<os::Descriptor> bound, bool is_wide);
  [[nodiscard]] os::Descriptor bind_beside(const BindAddress& address) const;

  std::uint16_t port_;
  std::vector<BindAddress> addresses_;
  std::vector<os::Descriptor> guards_;   // empty if one of `sockets_` is bound to all addresses
  os::Descriptor udp_guard_;             // receives nothing; empty if the system has no such socket
  std::vector<os::Descriptor> sockets_;  // one per address; for UDP empty until socket()
  State state_ = State::held;
};

}  // namespace portend::ports
