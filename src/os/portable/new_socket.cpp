// SPDX-License-Identifier: MIT
// Uses only POSIX.1-2008.
#include "os/posix/new_socket.hpp"

#include <poll.h>

#include <cerrno>

#include "os/posix/flags.hpp"
#include "os/posix/sockaddr.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

Descriptor new_socket(int domain, int type, Blocking blocking) {
  Descriptor socket(::socket(domain, type, 0));
  if (!socket) return socket;
  if (!set_flags(socket.get(), blocking)) throw_system_error("fcntl");
#ifdef SO_NOSIGPIPE
  const int yes = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  return socket;
}

Descriptor accept_connection(const Descriptor& listener) {
  Descriptor accepted(::accept(listener.get(), nullptr, nullptr));
  if (accepted && !set_flags(accepted.get(), Blocking::yes)) throw_system_error("fcntl");
  return accepted;
}

int connect_progress(const Descriptor& socket, const Endpoint&) noexcept {
  pollfd decided{.fd = socket.get(), .events = POLLOUT, .revents = 0};
  const int ready = ::poll(&decided, 1, 0);
  if (ready <= 0) return ready == 0 ? EINPROGRESS : errno;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

const bool refused_socket_can_connect_again = false;

void delay_acknowledgment(const Descriptor&) noexcept {}

bool abandon_handshake(const Descriptor&) { return false; }

bool reset_connection(const Descriptor& socket) {
  linger at_once{};
  at_once.l_onoff = 1;
  at_once.l_linger = 0;
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return false;
}

}  // namespace portend::os
