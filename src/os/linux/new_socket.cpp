// SPDX-License-Identifier: MIT
#include "os/posix/new_socket.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstddef>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

namespace {

constexpr std::uint8_t state_established = 1;  // TCP_ESTABLISHED of the kernel, which libcs do not share

/// The kernel acknowledges after 200 ms at the latest. The other half is left for the reset to arrive.
constexpr std::uint32_t longest_half_open_ms = 100;

}  // namespace

Descriptor new_socket(int domain, int type, Blocking blocking) {
  const int flags = SOCK_CLOEXEC | (blocking == Blocking::no ? SOCK_NONBLOCK : 0);
  return Descriptor(::socket(domain, type | flags, 0));
}

Descriptor accept_connection(const Descriptor& listener) {
  return Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

// A second connect reports the outcome of the first one, and leaves the socket usable for another connect.
// Reading SO_ERROR instead would make the next connect fail with ECONNABORTED.
int connect_progress(const Descriptor& socket, const Endpoint& to) noexcept {
  const SocketAddress address(to);
  return ::connect(socket.get(), address.raw(), address.size) == 0 ? 0 : errno;
}

const bool refused_socket_can_connect_again = true;

// A socket that expects to send data soon delays its acknowledgment, so as to send both at once (tcp(7),
// TCP_QUICKACK). This also delays the acknowledgment of the server's SYN-ACK. Until then the server has a
// half-open request and no connection to accept.
void delay_acknowledgment(const Descriptor& socket) noexcept {
  const int no = 0;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_QUICKACK, &no, sizeof no);
}

bool abandon_handshake(const Descriptor& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  if (size < offsetof(tcp_info, tcpi_segs_out) + sizeof info.tcpi_segs_out) return false;  // before Linux 4.2
  const bool only_syns_were_sent = info.tcpi_segs_out <= 1 + info.tcpi_total_retrans;
  const bool has_time_left = info.tcpi_last_ack_recv < longest_half_open_ms;
  if (info.tcpi_state == state_established && (!only_syns_were_sent || !has_time_left)) return false;
  return reset_connection(socket);  // removes the half-open request of the server
}

bool reset_connection(const Descriptor& socket) {
  const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
  if (::connect(socket.get(), &nowhere, sizeof nowhere) == 0) return true;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return false;
}

}  // namespace portend::os
