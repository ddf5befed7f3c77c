// SPDX-License-Identifier: MIT
// TCP and UDP sockets, all close-on-exec. Results that depend on the other side are returned as values.
// Refusals by this system are thrown as std::system_error.
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
  unreachable,  // no route to the host, or this machine lacks the family
  forbidden,    // by a policy of this system: a firewall, a sandbox
  pending,
};

/// The progress of a connect, with errno if it is forbidden.
struct ConnectProgress {
  Connecting state = Connecting::pending;
  int error = 0;
};

/// What the other side sees of a connection. `half_open`: the last step of the handshake is delayed by 0.2 s
/// if the system can do that, so that the connection can be abandoned before the server accepts it.
enum class Handshake : std::uint8_t { half_open, complete };

/// Returns a non-blocking TCP socket for a connect. Empty, with errno, if this machine lacks the family or a
/// policy refuses it (is_policy_refusal).
Descriptor connecting_socket(Family family);

ConnectProgress begin_connect(const Descriptor& socket, const Endpoint& to, Handshake handshake);

/// Checks the progress of a connect that was started. `to` must be the endpoint it was started with.
ConnectProgress continue_connect(const Descriptor& socket, const Endpoint& to);

/// Whether the socket is connected to itself (RFC 9293, section 3.5: a simultaneous open needs no listener).
bool connected_to_itself(const Descriptor& socket);

/// Resets a connection that no server has accepted, so that neither side stays in TIME_WAIT. Returns true if
/// the system allows the socket to connect again.
bool reset_connection(const Descriptor& socket);

/// Abandons a connection whose handshake is half open. The server never learns of it, nothing stays in
/// TIME_WAIT, and the socket can connect again. Returns false if the handshake is complete; close the
/// connection by finish_sending then.
bool abandon_handshake(const Descriptor& socket);

/// Ends an established connection with a FIN. The other side may still send. Discard its data until it also
/// closes; otherwise the kernel answers the data with a reset.
void finish_sending(const Descriptor& socket) noexcept;

/// Discards received data. Returns true if the other side has closed or reset the connection.
bool discard_input(const Descriptor& socket) noexcept;

/// Whether a socket can connect again after its connect was refused.
extern const bool refused_socket_can_connect_again;

/// Whether an errno of socket(2) means that a policy (seccomp, a security module) refuses the family.
bool is_policy_refusal(int error) noexcept;

enum class Binding : std::uint8_t { bound, in_use, forbidden, no_address };

struct BindOptions {
  bool reuse_address = false;  // SO_REUSEADDR
  bool dual_stack = false;     // an IPv6 socket that also takes IPv4
};

/// Returns a blocking socket to bind. Empty, with errno, if this machine lacks the family or a policy refuses
/// it (is_policy_refusal).
Descriptor bindable_socket(Family family, Transport transport, BindOptions options);

/// After a failed bind the socket can be bound again.
Binding bind(const Descriptor& socket, const Endpoint& where);

/// Sets or clears SO_REUSEADDR. Two sockets may be bound to one port only if both have it set at the second
/// bind.
void set_reuse(const Descriptor& socket, bool allowed);

void set_blocking(const Descriptor& socket, bool blocking);

void listen(const Descriptor& socket, int backlog);
std::uint16_t bound_port(const Descriptor& socket);

}  // namespace portend::os
