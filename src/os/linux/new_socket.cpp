// SPDX-License-Identifier: MIT
#include "os/posix/new_socket.hpp"

#include <cerrno>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

Descriptor new_socket(int domain, int type, Blocking blocking) noexcept {
  const int flags = SOCK_CLOEXEC | (blocking == Blocking::no ? SOCK_NONBLOCK : 0);
  return Descriptor(::socket(domain, type | flags, 0));
}

Descriptor accept_connection(const Descriptor& listener) noexcept {
  return Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

// A second connect tells how the first one went, and leaves the socket fit for another.
// Reading SO_ERROR instead would make the next connect fail with ECONNABORTED.
int connect_progress(const Descriptor& socket, const Endpoint& to) noexcept {
  const SocketAddress address(to);
  return ::connect(socket.get(), address.raw(), address.size) == 0 ? 0 : errno;
}

const bool refused_socket_can_dial_again = true;

bool drop_connection(const Descriptor& socket) {
  const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
  if (::connect(socket.get(), &nowhere, sizeof nowhere) == 0) return true;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return false;
}

}  // namespace portend::os
