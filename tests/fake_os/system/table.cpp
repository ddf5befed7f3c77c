// SPDX-License-Identifier: MIT
// The socket table, and the notices of sockets that close.
#include <algorithm>

#include "fake_os/system/files.hpp"
#include "os/socket_list.hpp"
#include "os/socket_table.hpp"

namespace portend::os {

namespace {

fake::World& world() { return fake::World::current(); }

Listening listening_at(const Endpoint& where) {
  if (world().table_lies) return Listening::no;
  auto found = Listening::no;
  for (const auto& listener : world().listeners) {
    if (!listener->open || !is_met_by(listener->entry, where)) continue;
    if (!listener->entry.backlog_full) return Listening::yes;
    found = Listening::backlog_full;
  }
  return found;
}

}  // namespace

std::optional<SocketTable> SocketTable::open() {
  if (!world().table_readable) return {};
  Descriptor netlink(world().open(std::make_shared<fake::PlainFile>()));
  if (!netlink) return {};
  return SocketTable(std::move(netlink));
}

bool SocketTable::loopback_is_up() const { return true; }

void SocketTable::look(std::span<const Endpoint> where, std::span<Listening> found) {
  world().table_reads += static_cast<int>(where.size());
  world().jump(world().cost_of_table);
  std::ranges::transform(where, found.begin(), listening_at);
}

std::optional<std::vector<TableEntry>> SocketTable::listeners() {
  ++world().table_reads;
  ++world().listings;
  world().jump(world().cost_of_table + world().cost_of_listing);
  return listening_sockets();
}

std::vector<std::uint16_t> SocketTable::taken_ports() {
  std::vector<std::uint16_t> ports;
  for (const auto& each : world().listeners) {
    if (each->open) ports.push_back(each->entry.local.port);
  }
  for (const auto& each : world().connections) ports.push_back(each.local.port);
  std::ranges::sort(ports);
  return ports;
}

std::optional<std::vector<TableEntry>> listening_sockets() {
  if (!world().table_readable) return {};
  std::vector<TableEntry> entries;
  for (const auto& each : world().listeners) {
    if (each->open && !world().table_lies) entries.push_back(each->entry);
  }
  return entries;
}

std::optional<ListenerCloseMonitor> ListenerCloseMonitor::open(std::span<const std::uint16_t> ports,
                                                               Notices notices) {
  if (!world().notices_given) return {};
  auto file = std::make_shared<fake::MonitorFile>();
  file->ports.assign(ports.begin(), ports.end());
  file->all_sockets = notices == Notices::all_sockets;
  Descriptor netlink(world().open(std::move(file)));
  if (!netlink) return {};
  return ListenerCloseMonitor(std::move(netlink));
}

std::optional<std::vector<std::uint16_t>> ListenerCloseMonitor::drain() {
  const auto file = world().file_as<fake::MonitorFile>(netlink_.get());
  const bool lost = std::exchange(file->lost, false);
  auto closed = std::exchange(file->closed, {});
  return lost ? std::nullopt : std::optional(std::move(closed));
}

std::optional<std::vector<SocketEntry>> list_sockets(const SocketFilter& filter) {
  if (!world().sockets_listable) return {};
  const Descriptor netlink(world().open_or_throw(std::make_shared<fake::PlainFile>(), "no netlink socket"));
  std::vector<SocketEntry> entries;
  for (const auto& each : world().listeners) {
    if (!each->open) continue;
    auto& entry = entries.emplace_back();
    entry.local = each->entry.local;
    entry.dual_stack = each->entry.dual_stack;
    entry.inode = each->entry.inode;
  }
  entries.insert(entries.end(), world().connections.begin(), world().connections.end());
  std::erase_if(entries, [&](const SocketEntry& entry) { return !passes(filter, entry); });
  return entries;
}

}  // namespace portend::os
