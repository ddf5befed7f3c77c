// SPDX-License-Identifier: MIT
#include "portend/sockets.h"

#include <map>
#include <memory>
#include <mutex>

#include "capi/arguments.hpp"
#include "capi/guard.hpp"
#include "ports/port_usage.hpp"
#include "ports/sockets.hpp"

using namespace portend;

struct portend_sockets {
  /// The texts of a socket's addresses, which callers have pointers to.
  struct Addresses {
    std::string local;
    std::string peer;
  };

  explicit portend_sockets(ports::SocketSnapshot taken) : snapshot(std::move(taken)) {
    addresses.reserve(snapshot.sockets().size());
    for (const auto& [entry, process, user] : snapshot.sockets()) {
      addresses.push_back(
          {os::ip_to_text(entry.local.ip), entry.peer.port == 0 ? "" : os::ip_to_text(entry.peer.ip)});
    }
  }

  ports::SocketSnapshot snapshot;
  std::vector<Addresses> addresses;

  // Created on first use. Threads may read concurrently, and the texts must stay valid.
  mutable std::mutex mutex;
  mutable std::map<int, std::string> explanations;
};

namespace {

constexpr unsigned all_kinds = PORTEND_SOCKETS_LISTENING | PORTEND_SOCKETS_BOUND | PORTEND_SOCKETS_CONNECTED |
                               PORTEND_SOCKETS_TIME_WAIT | PORTEND_SOCKETS_UDP;

os::SocketFilter filter_of(int first_port, int last_port, unsigned kinds) {
  const auto has = [&](unsigned kind) { return (kinds & kind) != 0; };
  os::SocketFilter filter{.first_port = capi::port_argument(first_port),
                          .last_port = capi::port_argument(last_port),
                          .listening = has(PORTEND_SOCKETS_LISTENING),
                          .bound = has(PORTEND_SOCKETS_BOUND),
                          .connected = has(PORTEND_SOCKETS_CONNECTED),
                          .time_wait = has(PORTEND_SOCKETS_TIME_WAIT),
                          .udp = has(PORTEND_SOCKETS_UDP)};
  if (first_port > last_port) {
    throw std::invalid_argument("The first port, " + std::to_string(first_port) + ", is above the last, " +
                                std::to_string(last_port) + ".");
  }
  if (kinds == 0 || (kinds & ~all_kinds) != 0) {
    throw std::invalid_argument("Kinds of sockets " + std::to_string(kinds) +
                                ": or listening, bound, connected, TIME_WAIT and UDP.");
  }
  return filter;
}

unsigned public_kind(os::SocketKind kind) {
  switch (kind) {
    case os::SocketKind::listening:
      return PORTEND_SOCKETS_LISTENING;
    case os::SocketKind::bound:
      return PORTEND_SOCKETS_BOUND;
    case os::SocketKind::connected:
      return PORTEND_SOCKETS_CONNECTED;
    case os::SocketKind::time_wait:
      return PORTEND_SOCKETS_TIME_WAIT;
    case os::SocketKind::udp:
      break;
  }
  return PORTEND_SOCKETS_UDP;
}

bool has(const portend_sockets* sockets, int index) {
  return index >= 0 && index < portend_sockets_count(sockets);
}

const ports::Socket* socket_at(const portend_sockets* sockets, int index) {
  return has(sockets, index) ? &sockets->snapshot.sockets()[static_cast<std::size_t>(index)] : nullptr;
}

const ports::Process* process_at(const portend_sockets* sockets, int index) {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr ? nullptr : socket->process;
}

}  // namespace

portend_status portend_sockets_create(int first_port, int last_port, unsigned kinds,
                                      portend_sockets** sockets_out) noexcept {
  return capi::guard([&]() -> portend_status {
    capi::require(sockets_out, "The out-parameter for the sockets");
    auto snapshot = ports::SocketSnapshot::take(filter_of(first_port, last_port, kinds));
    if (!snapshot) {
      return capi::fail(PORTEND_ERR_UNSUPPORTED,
                        "The sockets of this machine cannot be listed: there is no netlink and no /proc.");
    }
    *sockets_out = std::make_unique<portend_sockets>(std::move(*snapshot)).release();
    return PORTEND_OK;
  });
}

void portend_sockets_destroy(portend_sockets* sockets) noexcept {
  const os::CancelShield shield;
  delete sockets;
}

int portend_sockets_count(const portend_sockets* sockets) noexcept {
  return sockets == nullptr ? 0 : static_cast<int>(sockets->addresses.size());
}

unsigned portend_sockets_kind(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr ? 0 : public_kind(socket->entry.kind);
}

const char* portend_sockets_address(const portend_sockets* sockets, int index) noexcept {
  return has(sockets, index) ? sockets->addresses[static_cast<std::size_t>(index)].local.c_str() : "";
}

int portend_sockets_port(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr ? 0 : socket->entry.local.port;
}

int portend_sockets_dual_stack(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket != nullptr && socket->entry.dual_stack ? 1 : 0;
}

const char* portend_sockets_peer_address(const portend_sockets* sockets, int index) noexcept {
  return has(sockets, index) ? sockets->addresses[static_cast<std::size_t>(index)].peer.c_str() : "";
}

int portend_sockets_peer_port(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr ? 0 : socket->entry.peer.port;
}

int64_t portend_sockets_pid(const portend_sockets* sockets, int index) noexcept {
  const auto* process = process_at(sockets, index);
  return process == nullptr ? 0 : process->pid;
}

int64_t portend_sockets_parent_pid(const portend_sockets* sockets, int index) noexcept {
  const auto* process = process_at(sockets, index);
  return process == nullptr ? 0 : process->parent;
}

const char* portend_sockets_process(const portend_sockets* sockets, int index) noexcept {
  const auto* process = process_at(sockets, index);
  return process == nullptr ? "" : process->name.c_str();
}

const char* portend_sockets_command_line(const portend_sockets* sockets, int index) noexcept {
  const auto* process = process_at(sockets, index);
  return process == nullptr ? "" : process->command_line.c_str();
}

const char* portend_sockets_user(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr || socket->user == nullptr ? "" : socket->user->c_str();
}

int64_t portend_sockets_remaining_ms(const portend_sockets* sockets, int index) noexcept {
  const auto* socket = socket_at(sockets, index);
  return socket == nullptr ? 0 : socket->entry.remaining.count();
}

const char* portend_sockets_explain(const portend_sockets* sockets, int port) noexcept {
  return capi::ask("", [&] {
    if (sockets == nullptr || port < 1 || port > 65535) return "";
    const std::lock_guard lock(sockets->mutex);
    auto found = sockets->explanations.find(port);
    if (found == sockets->explanations.end()) {
      auto text = ports::explain_usage(sockets->snapshot, static_cast<std::uint16_t>(port));
      found = sockets->explanations.emplace(port, std::move(text)).first;
    }
    return found->second.c_str();
  });
}
