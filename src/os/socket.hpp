// SPDX-License-Identifier: MIT
// TCP and UDP sockets. All are close-on-exec. What only says something about the other side
// is a value; what says that this system refuses is thrown as std::system_error.
#pragma once

#include <cstdint>
#include <optional>

#include "os/address.hpp"
#include "os/descriptor.hpp"

namespace portend::os {

enum class Transport : std::uint8_t { tcp, udp };

enum class Connecting : std::uint8_t {
  established,
  refused,
  unreachable,  // no way to the host, or this machine lacks the family
  pending,
};

/// A non-blocking TCP socket that dials; empty where this machine lacks the family.
Descriptor dialing_socket(Family family);

Connecting begin_connect(const Descriptor& socket, const Endpoint& to);

/// How a connect that was begun stands. `to` is what it was begun with.
Connecting continue_connect(const Descriptor& socket, const Endpoint& to);

/// Whether the connection is one of the socket to itself (RFC 9293, section 3.5: a
/// simultaneous open needs no listener).
bool connected_to_itself(const Descriptor& socket);

/// Drops the connection by a reset, so that neither side is left in TIME_WAIT. On systems
/// that allow it the socket can dial again: then the answer is true.
bool drop_connection(const Descriptor& socket);

/// Whether a socket whose connect was refused can dial again.
extern const bool refused_socket_can_dial_again;

/// Whether an errno of socket(2) says that a policy (seccomp, a security module) refuses what the machine
/// has.
bool is_policy_refusal(int error) noexcept;

enum class Binding : std::uint8_t { bound, in_use, forbidden, no_address };

struct BindOptions {
  bool reuse_address = false;  // SO_REUSEADDR
  bool dual_stack = false;     // an IPv6 socket that takes IPv4 as well
};

/// A blocking socket to bind; empty, with errno, where this machine lacks the family, or a policy refuses it
/// (is_policy_refusal).
Descriptor bindable_socket(Family family, Transport transport, BindOptions wish);

/// A failed bind leaves the socket fit for another one.
Binding bind(const Descriptor& socket, const Endpoint& where);

/// Sets or clears SO_REUSEADDR, whose value while another socket is bound decides whether both may be.
void set_reuse(const Descriptor& socket, bool allowed);

void set_blocking(const Descriptor& socket, bool blocking);

void listen(const Descriptor& socket, int backlog);
std::uint16_t bound_port(const Descriptor& socket);

}  // namespace portend::os
