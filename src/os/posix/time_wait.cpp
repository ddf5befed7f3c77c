// SPDX-License-Identifier: MIT
#include "os/time_wait.hpp"

#include <utility>
#include <vector>

#include "os/connect.hpp"
#include "os/posix/system_error.hpp"
#include "os/socket.hpp"

namespace portend::os {

// 2 MSL. Linux uses one minute, and has no setting for it.
const std::chrono::seconds time_wait_length{60};

namespace {

/// Bounds the connect if a firewall drops it or loopback is down.
constexpr std::chrono::seconds longest_connect{1};

struct Listener {
  Ip ip;
  Descriptor socket;
};

/// Listens on these addresses only, so that no connection from outside is accepted. Skips addresses that this
/// machine lacks.
std::vector<Listener> listen_on(std::uint16_t port, std::span<const Ip> addresses) {
  std::vector<Listener> listeners;
  for (const auto& ip : addresses) {
    auto socket = bindable_socket(ip.family, Transport::tcp, {.reuse_address = true});
    if (!socket) continue;
    const auto binding = bind(socket, {ip, port});
    if (binding == Binding::no_address) continue;
    if (binding != Binding::bound) {
      throw_system_error(binding == Binding::in_use ? EADDRINUSE : EACCES, "the port cannot be bound");
    }
    set_blocking(socket, false);
    listen(socket, 8);
    listeners.push_back({ip, std::move(socket)});
  }
  return listeners;
}

/// TIME_WAIT stays on the side that closes first, so the accepted socket of the port is closed before the
/// client.
bool leave_connection(const Listener& listener, std::uint16_t port) {
  const auto until = saturating_add(Clock::now(), longest_connect);
  auto client = connecting_socket(listener.ip.family);
  if (!client || connect_until(client, {listener.ip, port}, until) != Connecting::established) return false;
  auto server = accept_from(listener.socket, client, until);
  return bool(server);
}

}  // namespace

bool leave_in_time_wait(std::uint16_t port, std::span<const Ip> addresses) {
  bool parked = false;
  for (const auto& listener : listen_on(port, addresses)) parked = leave_connection(listener, port) || parked;
  return parked;
}

}  // namespace portend::os
