// SPDX-License-Identifier: MIT
#include "os/socket.hpp"

#include <fcntl.h>

#include <array>

#include "os/posix/new_socket.hpp"
#include "os/posix/sockaddr.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

void set_option(const Descriptor& socket, int level, int option, int value) {
  if (setsockopt(socket.get(), level, option, &value, sizeof value) != 0) throw_system_error("setsockopt");
}

/// Returns a socket; empty, with errno, if the machine lacks the family or a policy refuses it.
Descriptor socket_of(Family family, int type, Blocking blocking) {
  auto socket = new_socket(domain(family), type, blocking);
  if (!socket && errno != EAFNOSUPPORT && !is_policy_refusal(errno)) throw_system_error("no socket");
  return socket;
}

/// EADDRNOTAVAIL has two meanings: no local port is left, or this machine has no address to connect from. A
/// UDP connect tells them apart, since UDP has its own ports. If UDP also has no port left (EAGAIN), this
/// machine lacks ports.
bool has_way_to(const Endpoint& to) {
  const auto socket = socket_of(to.ip.family, SOCK_DGRAM, Blocking::no);
  const SocketAddress address(to);
  return socket && (::connect(socket.get(), address.raw(), address.size) == 0 || errno == EAGAIN);
}

ConnectProgress classify(int error, const Endpoint& to) {
  switch (error) {
    case 0:
    case EISCONN:
    case ECONNRESET:  // it was established, and the other side has already reset it
    case EPIPE:
      return {Connecting::established};
    case EINPROGRESS:
    case EALREADY:
    case EINTR:
      return {Connecting::pending};
    case ECONNREFUSED:
    case ECONNABORTED:
      return {Connecting::refused};
    case EADDRNOTAVAIL:
      if (has_way_to(to)) throw_system_error(error, "no local port left to connect from");
      return {Connecting::unreachable};
    case EPERM:
    case EACCES:
    case ENOSYS:
      return {Connecting::forbidden, error};
    case EBADF:
    case EFAULT:
    case ENOTSOCK:
    case ENOBUFS:
    case ENOMEM:
      throw_system_error(error, "connect");
    default:
      // A missing route, a firewall rule, a family that is switched off: each may change.
      return {Connecting::unreachable};
  }
}

}  // namespace

Descriptor connecting_socket(Family family) {
  auto socket = socket_of(family, SOCK_STREAM, Blocking::no);
  // If it ever connects to itself, a server must still be able to bind the port.
  if (socket) set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  return socket;
}

ConnectProgress begin_connect(const Descriptor& socket, const Endpoint& to, Handshake handshake) {
  const SocketAddress address(to);
  if (handshake == Handshake::half_open) delay_acknowledgment(socket);
  return classify(::connect(socket.get(), address.raw(), address.size) == 0 ? 0 : errno, to);
}

ConnectProgress continue_connect(const Descriptor& socket, const Endpoint& to) {
  return classify(connect_progress(socket, to), to);
}

void finish_sending(const Descriptor& socket) noexcept { shutdown(socket.get(), SHUT_WR); }

bool discard_input(const Descriptor& socket) noexcept {
  std::array<char, 4096> discarded;
  for (;;) {
    const auto count = recv(socket.get(), discarded.data(), discarded.size(), MSG_DONTWAIT);
    if (count > 0 || (count < 0 && errno == EINTR)) continue;
    return count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }
}

bool connected_to_itself(const Descriptor& socket) {
  SocketAddress own;
  SocketAddress other;
  return getsockname(socket.get(), own.raw(), &own.size) == 0 &&
         getpeername(socket.get(), other.raw(), &other.size) == 0 &&
         endpoint_of(own.raw()) == endpoint_of(other.raw());
}

bool is_policy_refusal(int error) noexcept { return error == EPERM || error == EACCES || error == ENOSYS; }

Descriptor bindable_socket(Family family, Transport transport, BindOptions options) {
  auto socket = socket_of(family, transport == Transport::tcp ? SOCK_STREAM : SOCK_DGRAM, Blocking::yes);
  if (!socket) return socket;
  if (family == Family::ipv6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, options.dual_stack ? 0 : 1);
  if (options.reuse_address) set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  return socket;
}

Binding bind(const Descriptor& socket, const Endpoint& where) {
  const SocketAddress address(where);
  if (::bind(socket.get(), address.raw(), address.size) == 0) return Binding::bound;
  switch (errno) {
    case EADDRINUSE:
      return Binding::in_use;
    case EACCES:
    case EPERM:
    case ENOSYS:
      return Binding::forbidden;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EINVAL:
    case ENODEV:
      return Binding::no_address;
    default:
      throw_system_error("bind");
  }
}

void set_reuse(const Descriptor& socket, bool allowed) {
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, allowed ? 1 : 0);
}

void set_blocking(const Descriptor& socket, bool blocking) {
  if (fcntl(socket.get(), F_SETFL, blocking ? 0 : O_NONBLOCK) != 0) throw_system_error("fcntl");
}

void listen(const Descriptor& socket, int backlog) {
  if (::listen(socket.get(), backlog) != 0) throw_system_error("listen");
}

std::uint16_t bound_port(const Descriptor& socket) {
  SocketAddress own;
  if (getsockname(socket.get(), own.raw(), &own.size) != 0) throw_system_error("getsockname");
  return endpoint_of(own.raw()).port;
}

}  // namespace portend::os
