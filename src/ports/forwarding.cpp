// SPDX-License-Identifier: MIT
#include "ports/forwarding.hpp"

#include <algorithm>
#include <atomic>

#include "os/connect.hpp"
#include "os/forwarding.hpp"

namespace portend::ports {

using namespace std::chrono_literals;

namespace {

/// Loopback answers at once, also through a bridge. Only a firewall that drops packets takes longer.
constexpr os::Duration table_answer_limit = 100ms;

/// The second of the last check, and its result in the lowest bit.
std::atomic<std::uint64_t> known = 0;

}  // namespace

bool may_forward(os::Instant moment) {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count();
  const auto wanted = (static_cast<std::uint64_t>(second) + 1) << 1;
  const auto before = known.load(std::memory_order_relaxed);
  if (before >> 1 == wanted >> 1) return (before & 1) != 0;
  const bool tracks = os::tracks_connections();
  known.store(wanted | (tracks ? 1 : 0), std::memory_order_relaxed);
  return tracks;
}

bool ForwardingProbe::is_forwarded(const std::vector<BindAddress>& addresses, std::uint16_t port) {
  return std::ranges::any_of(addresses, [&](const BindAddress& address) {
    if (address.transport != os::Transport::tcp) return false;
    if (address.ip == os::any4 || address.dual_stack) {
      if (accepts({os::loopback4, port})) return true;
      if (!address.dual_stack) return false;
    }
    return accepts({address.ip == os::any6 ? os::loopback6 : address.ip, port});
  });
}

bool ForwardingProbe::accepts(const os::Endpoint& to) {
  auto& socket = sockets_[to.ip.family == os::Family::ipv4 ? 0 : 1];
  if (!socket) socket = os::connecting_socket(to.ip.family);
  if (!socket) return false;
  const auto until = std::min(until_, os::saturating_add(os::Clock::now(), table_answer_limit));
  const auto state = os::connect_until(socket, to, until);
  const bool accepted = state == os::Connecting::established && !os::connected_to_itself(socket);
  const bool is_reusable = state == os::Connecting::refused && os::refused_socket_can_connect_again;
  if (!is_reusable) socket.reset();  // closes an established connection with FIN
  return accepted;
}

}  // namespace portend::ports
