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
  forbidden,    // by a policy of this system: a firewall, a sandbox
  pending,
};

/// How a connect stands, with errno where it is forbidden.
struct ConnectProgress {
  Connecting state = Connecting::pending;
  int error = 0;
};

/// What the other side is to see of a connection. `half_open`: the last step of the handshake is
/// held back for 0.2 s where the system can do that, so that the connection can be given up
/// before the server learns of it.
enum class Handshake : std::uint8_t { half_open, complete };

/// A non-blocking TCP socket that connects; empty, with errno, if this machine lacks the family or a policy
/// refuses it (is_policy_refusal).
Descriptor connecting_socket(Family family);

ConnectProgress begin_connect(const Descriptor& socket, const Endpoint& to, Handshake handshake);

/// How a connect that was begun stands. `to` is what it was begun with.
ConnectProgress continue_connect(const Descriptor& socket, const Endpoint& to);

/// Whether the connection is one of the socket to itself (RFC 9293, section 3.5: a
/// simultaneous open needs no listener).
bool connected_to_itself(const Descriptor& socket);

/// Resets a connection, so that neither side is left in TIME_WAIT: for connections that no server
/// has. On systems that allow it the socket can connect again: then the answer is true.
bool reset_connection(const Descriptor& socket);

/// Gives up a connection whose handshake is still half open: the server never learns of it, and
/// nothing is left in TIME_WAIT. The socket can then connect again. False where the handshake
/// is complete: then the connection is to be closed by finish_sending.
bool abandon_handshake(const Descriptor& socket);

/// Ends an established connection by a FIN. The other side may still send: what comes is to be
/// discarded until it also closes, or the kernel would answer it by a reset.
void finish_sending(const Descriptor& socket) noexcept;

/// Discards what has been received. True when the other side has closed or reset.
bool discard_input(const Descriptor& socket) noexcept;

/// Whether a socket whose connect was refused can connect again.
extern const bool refused_socket_can_connect_again;

/// Whether an errno of socket(2) says that a policy (seccomp, a security module) refuses what the machine
/// has.
bool is_policy_refusal(int error) noexcept;

enum class Binding : std::uint8_t { bound, in_use, forbidden, no_address };

struct BindOptions {
  bool reuse_address = false;  // SO_REUSEADDR
  bool dual_stack = false;     // an IPv6 socket that also takes IPv4
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
