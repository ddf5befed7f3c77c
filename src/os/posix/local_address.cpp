// SPDX-License-Identifier: MIT
#include <sys/socket.h>

#include "os/address.hpp"
#include "os/posix/new_socket.hpp"
#include "os/posix/sockaddr.hpp"

namespace portend::os {

bool is_local(const Ip& ip) {
  if (is_loopback(ip)) return true;
  // The kernel connects to one of its own addresses from that same address. Connecting a UDP socket sends
  // nothing.
  const auto socket = new_socket(domain(ip.family), SOCK_DGRAM, Blocking::no);
  const SocketAddress to({ip, 9});
  if (!socket || ::connect(socket.get(), to.raw(), to.size) != 0) return false;
  SocketAddress from;
  if (getsockname(socket.get(), from.raw(), &from.size) != 0) return false;
  return endpoint_of(from.raw()).ip.bytes == ip.bytes;
}

}  // namespace portend::os
