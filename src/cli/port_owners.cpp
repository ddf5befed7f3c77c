// SPDX-License-Identifier: MIT
#include "port_owners.hpp"

#include <algorithm>

#include "print_error.hpp"
#include "socket_text.hpp"

namespace portend::cli {

namespace {

std::string text_of(const SocketRef& socket) {
  if (portend_sockets_pid(socket.snapshot, socket.index) != 0) return owner_text(socket);
  return std::string("a process of user ") + portend_sockets_user(socket.snapshot, socket.index);
}

/// Groups processes that may not be inspected by their user.
PortOwner& owner_at(std::vector<PortOwner>& owners, const SocketRef& socket) {
  const auto pid = portend_sockets_pid(socket.snapshot, socket.index);
  auto text = text_of(socket);
  const auto found = std::ranges::find_if(
      owners, [&](const PortOwner& owner) { return owner.pid == pid && (pid != 0 || owner.text == text); });
  if (found != owners.end()) return *found;
  owners.push_back({pid, std::move(text), {}});
  return owners.back();
}

}  // namespace

bool PortOwners::has(std::int64_t pid) const {
  return std::ranges::find(owners, pid, &PortOwner::pid) != owners.end();
}

PortOwners owners_of(const std::vector<int>& ports) {
  PortOwners result;
  for (const int port : ports) {
    portend_sockets* made = nullptr;
    check(portend_sockets_create(port, port, PORTEND_SOCKETS_LISTENING, &made));
    const Sockets snapshot(made);
    for (int i = 0; i < portend_sockets_count(made); ++i) {
      const SocketRef socket{made, i};
      owner_at(result.owners, socket).addresses.push_back(local_text(socket));
      result.listeners.push_back({portend_sockets_address(made, i), port});
    }
  }
  return result;
}

}  // namespace portend::cli
