// SPDX-License-Identifier: MIT
// Probes an endpoint by connecting to it. If the system can do that, the connection is abandoned before the
// server learns of it. A connection to itself counts as refused.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::probe {

struct Answer {
  enum class Kind : std::uint8_t {
    accepted,
    refused,
    unreachable,
    forbidden,  // by a policy of this system
    no_socket   // a policy of this system refuses sockets of the family
  } kind = Kind::refused;
  int error = 0;  // errno, if a policy refused it

  bool operator==(const Answer&) const = default;
};

/// Whether connect(2) may have the answer when it returns, as for an address of this machine.
enum class Expect : std::uint8_t { answer_at_once, answer_later };

class Dialer {
 public:
  /// Starts an attempt. Returns nullopt if there is no answer yet: `socket` then is the attempt, and becomes
  /// writable when the answer comes. With the answer `accepted`, `socket` is an established connection that
  /// the caller must close, or empty if the connection was abandoned.
  std::optional<Answer> connect(const os::Endpoint& to, Expect expect, os::Handshake handshake,
                                os::Descriptor& socket);

  /// Closes the spare sockets.
  void release() noexcept {
    for (auto& spares : spares_) spares.clear();
  }

  /// Checks the progress of an attempt.
  std::optional<Answer> ask(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket);

 private:
  std::optional<Answer> conclude(os::ConnectProgress progress, const os::Endpoint& to,
                                 os::Handshake handshake, os::Descriptor& socket);
  Answer established(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket);
  os::Descriptor socket_for(const os::Endpoint& to);
  void keep(os::Descriptor& socket, const os::Endpoint& to);

  // Reusing a socket saves a third of the cost of an attempt.
  std::array<std::vector<os::Descriptor>, 2> spares_;  // by family
};

}  // namespace portend::probe
