// SPDX-License-Identifier: MIT
// The tasks of portend by bare calls of the kernel, in the best way known for each, and with no more than
// necessary. Failures that do not occur in a benchmark are not handled.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bare {

sockaddr_in loopback(std::uint16_t port);

// One probe of a port of 127.0.0.1.

/// In the socket table (sock_diag(7)): one request, one answer. It cannot detect a redirected port.
bool is_listening(std::uint16_t port);

/// By a non-blocking connect, which shows the actual state.
bool accepts(std::uint16_t port);

/// What portend promises: reads the table first, and connects only if it has no listener. So no server is
/// disturbed.
bool is_served(std::uint16_t port);

// One probe of many targets: whether a server listens, for each.

/// In the table, with 64 requests per call.
std::vector<bool> look_by_questions(std::span<const sockaddr_in> targets);

/// In the table, with a list of all listeners of both families.
std::vector<bool> look_by_list(std::span<const sockaddr_in> targets);

/// The number of TCP sockets in any state, by a list of all.
std::size_t count_by_list();

/// By non-blocking connects, `window` at a time in one epoll loop. An established connection is reset, since
/// TIME_WAIT would use up the local ports.
std::vector<bool> look_by_epoll(std::span<const sockaddr_in> targets, std::size_t window);

// Waiting.

/// Waits until no server listens on a port of 127.0.0.1 any more. The kernel reports each socket that ends;
/// then the table is read, and a connection verifies the result.
void wait_until_free(std::uint16_t port);

// Finding ports.

/// A port that can be bound on this machine in both families: a strict bind of [::] for both.
std::uint16_t find_port();

/// Distinct ports: each is kept until all are found.
std::vector<std::uint16_t> find_ports(std::size_t count);

/// The only free port of a crowded range within the ephemeral range: the kernel gets the range, and searches
/// (IP_LOCAL_PORT_RANGE, ip(7)).
std::uint16_t find_port_in(std::uint16_t first, std::uint16_t last);

/// The same on any system: bind() until it succeeds, with one socket.
std::uint16_t find_port_by_trying(std::uint16_t first, std::uint16_t last);

}  // namespace bare
