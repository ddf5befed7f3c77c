// SPDX-License-Identifier: MIT
#include "server/listener_scan.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "os/process_tree.hpp"
#include "os/socket_list.hpp"
#include "wait/waiter.hpp"

namespace portend::server {

namespace {

using namespace std::chrono_literals;

/// A process may pass its socket to another one, which is rare. So sockets of other processes are rechecked.
constexpr os::Duration foreign_recheck = 250ms;
constexpr os::Duration attempt_limit = 100ms;

/// Sorted by age. nullopt if the system does not list sockets.
std::optional<std::vector<os::SocketEntry>> listeners(std::uint16_t first, std::uint16_t last) {
  auto entries = os::list_sockets({.first_port = first, .last_port = last, .listening = true});
  if (entries) std::ranges::sort(*entries, {}, &os::SocketEntry::inode);
  return entries;
}

constexpr std::uint16_t lowest_port = 1;
constexpr std::uint16_t highest_port = 65535;

bool accepts_connections(std::uint16_t port) {
  wait::Waiter waiter;
  for (const char* address : {"127.0.0.1", "::1"}) waiter.add(address, port, wait::Goal::occupied);
  waiter.probe(attempt_limit);
  const auto& targets = waiter.table().targets();
  return std::ranges::any_of(targets,
                             [](const auto& target) { return target.state == wait::State::occupied; });
}

}  // namespace

ListenerScan::ListenerScan(std::uint16_t port, Accepted accepted) : port_(port), accepted_(accepted) {
  const auto entries = listeners(lowest_port, highest_port);
  has_table_ = entries.has_value();
  if (!entries) return;
  for (const auto& entry : *entries) old_.insert(entry.inode);
  was_forwarded_ = accepted_.any_owner && accepts_connections(port_);
}

std::optional<std::uint16_t> ListenerScan::find(std::int64_t root) {
  const auto listed = has_table_ ? find_in_table(root) : std::nullopt;
  if (listed == port_) return listed;  // no connection is needed
  const bool accepts = has_table_ ? accepted_.any_owner && is_forwarded() : accepts_connections(port_);
  return accepts ? std::optional(port_) : listed;
}

/// A forwarded port has no listener in the socket table. Connecting is repeated rarely while the port is
/// closed.
bool ListenerScan::is_forwarded() {
  const auto now = os::Clock::now();
  if (was_forwarded_ || now < next_connect_) return false;
  next_connect_ = now + foreign_recheck;
  return accepts_connections(port_);
}

std::optional<std::uint16_t> ListenerScan::find_in_table(std::int64_t root) {
  const auto entries = accepted_.any_port ? listeners(lowest_port, highest_port) : listeners(port_, port_);
  if (!entries) return {};
  std::optional<std::uint16_t> other;
  for (const auto& entry : *entries) {
    const bool is_wanted = entry.local.port == port_;
    if ((other && !is_wanted) || !counts(root, entry)) continue;
    if (is_wanted) return port_;
    other = entry.local.port;
  }
  return other;
}

bool ListenerScan::counts(std::int64_t root, const os::SocketEntry& entry) {
  if (entry.inode == 0 || old_.contains(entry.inode)) return false;
  if (accepted_.any_owner && entry.local.port == port_) return true;
  const auto now = os::Clock::now();
  auto& ask_again = foreign_[entry.inode];
  if (now < ask_again) return false;
  // If the system does not tell, the port decides, because it was reserved for the server.
  const auto holds = os::process_tree_holds(root, std::array{entry.inode});
  if (holds.value_or(entry.local.port == port_)) return true;
  ask_again = now + foreign_recheck;
  return false;
}

std::optional<std::uint16_t> ListenerScan::other_port(std::int64_t root) const {
  if (!has_table_) return {};
  auto all = *this;
  all.accepted_ = {.any_port = true};
  all.foreign_.clear();
  return all.find_in_table(root);
}

/// The server itself may have begun to listen since it was looked for last.
bool ListenerScan::has_foreign_listener(std::int64_t root) const {
  const auto entries = has_table_ ? listeners(port_, port_) : std::nullopt;
  if (!entries) return false;
  return std::ranges::any_of(*entries, [&](const os::SocketEntry& entry) {
    if (entry.inode == 0 || old_.contains(entry.inode)) return false;
    return os::process_tree_holds(root, std::array{entry.inode}) == false;
  });
}

}  // namespace portend::server
