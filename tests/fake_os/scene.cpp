// SPDX-License-Identifier: MIT
// Servers, connections and names.
#include <algorithm>
#include <stdexcept>

#include "fake_os/system/files.hpp"
#include "fake_os/world.hpp"

namespace portend::fake {

os::Endpoint endpoint(const std::string& address, std::uint16_t port) {
  const auto ip = os::ip_from_text(address);
  if (!ip) throw std::logic_error("no address: " + address);
  return {*ip, port};
}

Server& World::server(const std::string& address, std::uint16_t port) {
  auto& server = servers_[{os::ip_to_text(endpoint(address, port).ip), port}];
  if (!server) server = std::make_unique<Server>();
  return *server;
}

Listener& World::listen(const std::string& address, std::uint16_t port, ListenOptions options) {
  auto listener = std::make_unique<Listener>();
  listener->entry.local = endpoint(address, port);
  listener->entry.dual_stack = options.dual_stack;
  listener->entry.backlog_full = options.backlog_full;
  listener->entry.inode = next_inode_++;
  listener->owner = options.owner;
  return *listeners.emplace_back(std::move(listener));
}

void World::notify(std::uint16_t port, Notice notice, bool is_listener) {
  for (const auto& monitor : files_of<MonitorFile>()) monitor->on_closed(port, notice, is_listener);
}

void World::close(Listener& listener, Notice notice) {
  listener.open = false;
  notify(listener.entry.local.port, notice, true);
}

void World::connect(const std::string& address, std::uint16_t port, os::SocketKind kind) {
  os::SocketEntry entry;
  entry.kind = kind;
  entry.local = endpoint(address, port);
  entry.peer = endpoint("10.0.0.9", 50000);
  connections.push_back(entry);
}

void World::drain(std::uint16_t port, Notice notice) {
  std::erase_if(connections, [&](const auto& each) { return each.local.port == port; });
  notify(port, notice, false);
}

/// Prefers a listener with room in its queue to a full one, and both to a redirection.
Server* World::answering(const os::Endpoint& to) {
  Server* silent = nullptr;
  for (const auto& listener : listeners) {
    if (!listener->open || !os::is_met_by(listener->entry, to)) continue;
    if (!listener->entry.backlog_full) return &listener->server;
    listener->server.behavior = Behavior::silence;
    silent = &listener->server;
  }
  if (silent != nullptr) return silent;
  const auto found = servers_.find({os::ip_to_text(to.ip), to.port});
  return found == servers_.end() ? nullptr : found->second.get();
}

Name& World::name(const std::string& host, const std::vector<std::string>& addresses) {
  auto& name = names[host];
  name.result = {os::Resolution::Verdict::found, {}, {}};
  for (const auto& address : addresses) name.result.addresses.push_back(endpoint(address, 0).ip);
  return name;
}

void World::forget_name(const std::string& host, os::Resolution::Verdict verdict) {
  names[host].result = {verdict, {}, "the resolver said so"};
}

}  // namespace portend::fake
