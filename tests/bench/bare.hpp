// SPDX-License-Identifier: MIT
// What portend does, by hand: bare calls of the kernel, in the best way known for each task, and
// no more than its promise needs. Nothing here handles a failure that does not occur in a
// benchmark.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bare {

sockaddr_in loopback(std::uint16_t port);

// Looking once at a port of 127.0.0.1.

/// In the socket table (sock_diag(7)): one question, one answer. It cannot tell of a
/// port that is redirected elsewhere.
bool is_listening(std::uint16_t port);

/// By connecting, without blocking: it tells all.
bool accepts(std::uint16_t port);

/// What "no server is disturbed, and a connection is the truth" takes: the table first, and a
/// connection if it names no listener.
bool is_served(std::uint16_t port);

// Looking once at many targets: for each, whether a server listens.

/// In the table, 64 questions a call.
std::vector<bool> look_by_questions(std::span<const sockaddr_in> targets);

/// In the table, by a list of all listeners of both families.
std::vector<bool> look_by_list(std::span<const sockaddr_in> targets);

/// How many TCP sockets there are, in any state: by a list of all.
std::size_t count_by_list();

/// By connecting, without blocking, `window` at a time in one epoll loop. A connection that comes
/// about is reset, since TIME_WAIT would eat up the local ports.
std::vector<bool> look_by_epoll(std::span<const sockaddr_in> targets, std::size_t window);

// Waiting.

/// Until no server listens on a port of 127.0.0.1 any more: the kernel tells of each socket that ends, the
/// table is asked then, and a connection confirms it.
void wait_until_free(std::uint16_t port);

// Finding ports.

/// A port that can be bound on this machine, in both families: a strict bind of [::] for both.
std::uint16_t find_port();

/// So many different ones: each is held until all are found.
std::vector<std::uint16_t> find_ports(std::size_t count);

/// The one that is left in a crowded range inside of the system's own: the kernel is told the
/// range, and searches (IP_LOCAL_PORT_RANGE, ip(7)).
std::uint16_t find_port_in(std::uint16_t first, std::uint16_t last);

/// As on any system: bind() until it succeeds, on one socket.
std::uint16_t find_port_by_trying(std::uint16_t first, std::uint16_t last);

}  // namespace bare
