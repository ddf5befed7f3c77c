// SPDX-License-Identifier: MIT
// Looking at an address by connecting to it. A connection that comes about is reset at once,
// so that nobody is left in TIME_WAIT; one to itself counts as refused.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/address.hpp"
#include "os/descriptor.hpp"
#include "os/socket.hpp"

namespace portend::probe {

enum class Answer : std::uint8_t { accepted, refused, unreachable };

/// Whether an address is one of this machine: dialling one is over before connect returns.
enum class Distance : std::uint8_t { near, far };

class Dialer {
 public:
  /// nullopt while there is no answer: `under_way` then holds the socket, which becomes
  /// writable when there is one.
  std::optional<Answer> dial(const os::Endpoint& to, Distance distance, os::Descriptor& under_way);

  /// How an attempt stands; with an answer its socket is gone.
  std::optional<Answer> ask(os::Descriptor& under_way, const os::Endpoint& to);

 private:
  std::optional<Answer> conclude(os::Connecting state, os::Descriptor socket, const os::Endpoint& to,
                                 os::Descriptor& under_way);
  os::Descriptor socket_for(const os::Endpoint& to);
  void keep(os::Descriptor socket, const os::Endpoint& to);

  // A socket that can dial again saves a third of an attempt.
  std::array<std::vector<os::Descriptor>, 2> spares_;  // by family
};

/// Whether somebody listens at an address of this machine that gives no answer (its accept
/// queue is full), where the kernel's table cannot be asked: by trying to bind it, in a way
/// that does not keep a server from it.
bool is_held(const os::Endpoint& where);

}  // namespace portend::probe
