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

/// Keeps the port by sockets that do not listen: one that is bound on the whole machine, so that the system
/// hands the port to no other process, and those that a server may listen on. Sockets for TCP set
/// SO_REUSEADDR, so that a server that sets it can also bind the port. Those for UDP do not: two sockets
/// would share the datagrams.
class Reservation {
 public:
  /// So many, in a row if that is asked for. Throws as a Search does.
  static std::vector<Reservation> create(const SearchOptions& options, std::size_t count);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// For a server to listen on or to receive from, one an address; 0 after park().
  [[nodiscard]] std::size_t socket_count() const { return addresses_.size(); }

  /// The socket for UDP is made when it is asked for: before, no datagram is accepted and lost. Throws
  /// std::system_error.
  const os::Descriptor& socket(std::size_t index);

  void listen(int backlog);

  /// For how long; nothing where none of its addresses can be parked. Then, and where it throws
  /// std::system_error, it still keeps the port.
  std::optional<std::chrono::seconds> park();

  /// Lets programs that are executed from now on also keep the port. Throws std::system_error.
  void inherit() const;

  [[nodiscard]] bool listens() const { return state_ == State::listening; }
  [[nodiscard]] bool parked() const { return state_ == State::parked; }

 private:
  enum class State : std::uint8_t { held, listening, parked };

  Reservation(std::uint16_t port, std::vector<BindAddress> addresses);

  /// Takes the sockets of a search over. False where none can be bound beside them at one of the addresses.
  bool take(std::vector<os::Descriptor> bound, bool is_wide);
  os::Descriptor bind_beside(const BindAddress& address) const;

  std::uint16_t port_;
  std::vector<BindAddress> addresses_;
  std::vector<os::Descriptor> guards_;   // none where a socket is for all addresses itself
  os::Descriptor udp_guard_;             // that receives nothing; empty where the system has no such socket
  std::vector<os::Descriptor> sockets_;  // one an address, empty for UDP until it is asked for
  State state_ = State::held;
};

}  // namespace portend::ports
