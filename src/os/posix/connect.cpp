// SPDX-License-Identifier: MIT
#include "os/connect.hpp"

#include <poll.h>
#include <sys/socket.h>

#include "os/posix/new_socket.hpp"
#include "os/posix/remaining.hpp"
#include "os/posix/sockaddr.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

/// Waits until a descriptor is ready or a signal comes. False if `until` has passed.
bool wait_for(const Descriptor& descriptor, short events, Instant until) {
  const int timeout_ms = remaining_ms(until);
  pollfd ready{.fd = descriptor.get(), .events = events, .revents = 0};
  if (::poll(&ready, 1, timeout_ms) < 0 && errno != EINTR) throw_system_error("poll");
  return timeout_ms > 0;
}

Endpoint name_of(const Descriptor& socket, decltype(&getsockname) ask) {
  SocketAddress name;
  if (ask(socket.get(), name.raw(), &name.size) != 0) return {};
  return endpoint_of(name.raw());
}

}  // namespace

Connecting connect_until(const Descriptor& socket, const Endpoint& to, Instant until) {
  auto progress = begin_connect(socket, to, Handshake::complete);
  while (progress.state == Connecting::pending && wait_for(socket, POLLOUT, until))
    progress = continue_connect(socket, to);
  return progress.state;
}

Descriptor accept_from(const Descriptor& listener, const Descriptor& client, Instant until) {
  const auto wanted = name_of(client, getsockname);
  if (wanted.port == 0) return {};  // the client cannot be identified
  for (;;) {
    auto accepted = accept_connection(listener);
    if (accepted && name_of(accepted, getpeername) == wanted) return accepted;
    if (accepted || errno == ECONNABORTED) {
      if (Clock::now() >= until) return {};
    } else if (errno != EINTR && errno != EAGAIN) {
      throw_system_error("accept");
    } else if (!wait_for(listener, POLLIN, until)) {
      return {};
    }
  }
}

}  // namespace portend::os
