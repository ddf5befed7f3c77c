// SPDX-License-Identifier: MIT
#include "os/time_wait.hpp"

#include <poll.h>
#include <sys/socket.h>

#include "os/posix/sockaddr.hpp"
#include "os/posix/system_error.hpp"
#include "os/socket.hpp"
#include "os/time.hpp"

namespace portend::os {

// 2 MSL: Linux waits a minute, and has no setting for it.
const std::chrono::seconds time_wait_length{60};

namespace {

/// For both families, where there are two: what it leaves behind then bars both.
Descriptor listener_on(std::uint16_t port) {
  auto socket = bindable_socket(Family::ipv6, Transport::tcp, {.reuse_address = true, .dual_stack = true});
  const bool dual = bool(socket);
  if (!dual) socket = bindable_socket(Family::ipv4, Transport::tcp, {.reuse_address = true});
  const auto binding = bind(socket, {dual ? any6 : any4, port});
  if (binding != Binding::bound) throw_system_error(EADDRINUSE, "the port is in use");
  listen(socket, 8);
  return socket;
}

Endpoint name_of(const Descriptor& socket, decltype(&getsockname) ask) {
  SocketAddress name;
  if (ask(socket.get(), name.raw(), &name.size) != 0) return {};
  return endpoint_of(name.raw());
}

/// Accepts the connection of `client`, and drops those of others that came meanwhile.
Descriptor accept_from(const Descriptor& listener, const Descriptor& client) {
  const auto wanted = name_of(client, getsockname);
  for (;;) {
    Descriptor accepted(::accept(listener.get(), nullptr, nullptr));
    if (!accepted && errno != EINTR && errno != ECONNABORTED) throw_system_error("accept");
    if (accepted && name_of(accepted, getpeername) == wanted) return accepted;
  }
}

/// Whether it comes about within a second: a firewall may be in the way, or loopback be down.
bool connects(const Descriptor& client, const Endpoint& to) {
  using namespace std::chrono;
  const auto deadline = saturating_add(Clock::now(), seconds(1));
  for (auto progress = begin_connect(client, to, Handshake::complete);;
       progress = continue_connect(client, to)) {
    const auto state = progress.state;
    const auto left = ceil<milliseconds>(deadline - Clock::now());
    if (state != Connecting::pending || left <= milliseconds::zero()) return state == Connecting::established;
    pollfd decided{.fd = client.get(), .events = POLLOUT, .revents = 0};
    ::poll(&decided, 1, static_cast<int>(left.count()));
  }
}

}  // namespace

bool leave_in_time_wait(std::uint16_t port, std::span<const Ip> addresses) {
  const auto listener = listener_on(port);
  bool parked = false;
  for (const auto& ip : addresses) {
    auto client = connecting_socket(ip.family);
    if (!client || !connects(client, {ip, port})) continue;
    auto server = accept_from(listener, client);
    server.reset();  // who closes first is the one that waits
    client.reset();
    parked = true;
  }
  return parked;
}

}  // namespace portend::os
