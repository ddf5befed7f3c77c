// SPDX-License-Identifier: MIT
// A port that nobody else can take.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/descriptor.hpp"
#include "ports/port_binder.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// It holds the port by sockets that do not listen: one that is bound on the whole machine, so
/// that the system hands the port to nobody, and those that a server may listen on. All set
/// SO_REUSEADDR after they are bound: binding was strict, and a server that sets it can bind,
/// too.
class Reservation {
 public:
  explicit Reservation(const SearchOptions& options);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::vector<os::Descriptor>& sockets() const { return sockets_; }

  void listen(int backlog);

  /// For how long; nothing where none of its addresses can be parked. Then, and where it throws
  /// std::system_error, it still holds the port.
  std::optional<std::chrono::seconds> park();

  [[nodiscard]] bool listens() const { return state_ == State::listening; }
  [[nodiscard]] bool parked() const { return state_ == State::parked; }

  [[nodiscard]] std::string explain() const;

 private:
  enum class State : std::uint8_t { held, listening, parked };

  std::uint16_t port_ = 0;
  std::vector<BindAddress> addresses_;
  std::vector<os::Descriptor> guards_;   // none where the sockets do what they are for
  std::vector<os::Descriptor> sockets_;  // a socket an address
  State state_ = State::held;
};

}  // namespace portend::ports
