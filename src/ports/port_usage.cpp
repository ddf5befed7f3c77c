// SPDX-License-Identifier: MIT
#include "ports/port_usage.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "net/utf8.hpp"
#include "os/socket.hpp"

namespace portend::ports {

namespace {

using os::SocketKind;

constexpr std::size_t longest_command = 80;
constexpr std::size_t most_clauses = 3;
constexpr std::size_t most_endpoints = 3;

/// Sockets of one kind and one process, which one clause describes.
struct Group {
  const Socket* first = nullptr;
  std::vector<std::string> endpoints;  // local addresses, or the peers of connections
  std::chrono::milliseconds remaining{};
};

bool has_peer(const Socket& socket) { return socket.entry.peer.port != 0; }

std::string peer_text(const os::Endpoint& peer) {
  const auto address = os::ip_to_text(peer.ip);
  const auto port = ":" + std::to_string(peer.port);
  return peer.ip.family == os::Family::ipv6 ? "[" + address + "]" + port : address + port;
}

std::string endpoint_text(const Socket& socket) {
  if (has_peer(socket)) return peer_text(socket.entry.peer);
  return socket.entry.dual_stack ? "*" : os::ip_to_text(socket.entry.local.ip);
}

void add(std::vector<Group>& groups, const Socket& socket) {
  auto group = std::ranges::find_if(groups, [&](const Group& each) {
    return each.first->process == socket.process && each.first->user == socket.user &&
           has_peer(*each.first) == has_peer(socket);
  });
  if (group == groups.end()) group = groups.insert(groups.end(), {&socket, {}, {}});
  group->endpoints.push_back(endpoint_text(socket));
  group->remaining = std::max(group->remaining, socket.entry.remaining);
}

std::string list_text(std::vector<std::string> items) {
  const auto more = items.size() - std::min(items.size(), most_endpoints);
  items.resize(items.size() - more);
  if (more > 0) items.push_back(std::to_string(more) + " more");
  std::string text = items.front();
  for (std::size_t i = 1; i < items.size(); ++i) text += (i + 1 < items.size() ? ", " : " and ") + items[i];
  return text;
}

std::string owner_text(const Socket& socket) {
  const auto user = socket.user != nullptr ? "user " + *socket.user : std::string("unknown user");
  if (socket.process == nullptr) return "a process that cannot be seen from here (" + user + ")";
  return socket.process->name + " (pid " + std::to_string(socket.process->pid) + ", " + user + ")";
}

std::string command_text(const Socket& socket) {
  if (socket.process == nullptr || socket.process->command_line.empty()) return "";
  return ", command \"" + net::printable(socket.process->command_line, longest_command) + "\"";
}

std::string time_wait_text(const Group& group) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(group.remaining).count();
  const auto count = group.endpoints.size();
  const auto connections = count == 1 ? "a closed connection with " + group.endpoints.front() + " stays"
                                      : std::to_string(count) + " closed connections stay";
  return connections + " in TIME_WAIT for " + std::to_string(seconds) +
         " more seconds; a server that sets SO_REUSEADDR may bind the port";
}

std::string connection_text(const Group& group) {
  const std::string with = group.endpoints.size() == 1 ? "a connection with " : "connections with ";
  const auto connections = with + list_text(group.endpoints);
  if (group.first->entry.inode == 0) return connections + ", closed by its process, has not ended yet";
  return owner_text(*group.first) + " has " + connections + command_text(*group.first);
}

std::string clause(const Group& group) {
  const auto& first = *group.first;
  const auto tail = list_text(group.endpoints) + command_text(first);
  switch (first.entry.kind) {
    case SocketKind::listening:
      return owner_text(first) + " listens on " + tail;
    case SocketKind::bound:
      return owner_text(first) + " has it bound without listening, as a reservation does, on " + tail;
    case SocketKind::udp:
      return owner_text(first) + (has_peer(first) ? " sends UDP from it to " : " receives UDP on ") + tail;
    case SocketKind::connected:
      return connection_text(group);
    case SocketKind::time_wait:
      break;
  }
  return time_wait_text(group);
}

void append(std::string& text, const std::string& part) {
  if (!text.empty()) text += "; ";
  text += part;
}

void explain_kind(std::span<const Socket> sockets, SocketKind kind, std::string& text) {
  std::vector<Group> groups;
  for (const auto& socket : sockets) {
    if (socket.entry.kind == kind) add(groups, socket);
  }
  for (std::size_t i = 0; i < std::min(groups.size(), most_clauses); ++i) append(text, clause(groups[i]));
  if (groups.size() > most_clauses) {
    append(text, "so do " + std::to_string(groups.size() - most_clauses) + " more processes");
  }
}

/// Whether this kernel lists sockets that are bound and do not listen.
bool lists_bound_sockets() {
  const auto socket = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {});
  if (!socket || os::bind(socket, {os::loopback4, 0}) != os::Binding::bound) return false;
  const auto port = os::bound_port(socket);
  const auto found = os::list_sockets({.first_port = port, .last_port = port, .bound = true});
  return found && !found->empty();
}

std::string nothing_seen() {
  if (lists_bound_sockets()) return "no socket has it any more";
  return "it has no listener and no connection; sockets that are bound without listening are not listed here";
}

}  // namespace

std::string explain_usage(const SocketSnapshot& snapshot, std::uint16_t port) {
  const auto port_of = [](const Socket& socket) { return socket.entry.local.port; };
  const std::span<const Socket> sockets(std::ranges::lower_bound(snapshot.sockets(), port, {}, port_of),
                                        std::ranges::upper_bound(snapshot.sockets(), port, {}, port_of));
  std::string text;
  explain_kind(sockets, SocketKind::listening, text);
  if (text.empty()) {
    for (const auto kind : {SocketKind::bound, SocketKind::connected, SocketKind::time_wait})
      explain_kind(sockets, kind, text);
  }
  explain_kind(sockets, SocketKind::udp, text);
  return text;
}

std::vector<std::string> explain_usage(std::span<const std::uint16_t> ports, bool udp) {
  std::vector<std::string> texts(ports.size());
  if (ports.empty()) return texts;
  try {
    const auto snapshot = SocketSnapshot::take(ports, udp);
    if (!snapshot) {
      std::ranges::fill(texts, "this system does not tell which process has it");
      return texts;
    }
    std::string nothing;
    for (std::size_t i = 0; i < ports.size(); ++i) {
      texts[i] = explain_usage(*snapshot, ports[i]);
      if (!texts[i].empty()) continue;
      if (nothing.empty()) nothing = nothing_seen();
      texts[i] = nothing;
    }
  } catch (const std::system_error& refusal) {
    std::ranges::fill(texts, "the process that has it cannot be determined: " + std::string(refusal.what()));
  }
  return texts;
}

}  // namespace portend::ports
