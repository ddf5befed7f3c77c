// SPDX-License-Identifier: MIT
// Probes an endpoint by connecting to it. Where the system can, the connection is given up
// before the server learns of it. A connection to itself counts as refused.
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
  int error = 0;  // errno, if a policy forbids it

  bool operator==(const Answer&) const = default;
};

/// Whether connect(2) may have its answer when it returns, as on an address of this machine.
enum class Expect : std::uint8_t { answer_at_once, answer_later };

class Dialer {
 public:
  /// nullopt while there is no answer: `socket` then is the attempt, and becomes writable when
  /// there is one. With the answer `accepted` it is an established connection that is still to
  /// be closed, or empty if the connection was given up.
  std::optional<Answer> connect(const os::Endpoint& to, Expect expect, os::Handshake handshake,
                                os::Descriptor& socket);

  /// How an attempt stands.
  std::optional<Answer> ask(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket);

 private:
  std::optional<Answer> conclude(os::ConnectProgress progress, const os::Endpoint& to,
                                 os::Handshake handshake, os::Descriptor& socket);
  Answer established(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket);
  os::Descriptor socket_for(const os::Endpoint& to);
  void keep(os::Descriptor& socket, const os::Endpoint& to);

  // A socket that can connect again saves a third of an attempt.
  std::array<std::vector<os::Descriptor>, 2> spares_;  // by family
};

}  // namespace portend::probe
