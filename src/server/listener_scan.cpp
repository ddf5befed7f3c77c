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

/// A socket that belongs to none of the processes may be passed to one of them, which is rare.
constexpr os::Duration foreign_recheck = 250ms;
constexpr os::Duration attempt_limit = 100ms;

/// Sorted as they were made. nullopt where the system does not list sockets.
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

ListenerScan::ListenerScan(std::uint16_t port, bool any) : port_(port), any_(any) {
  const auto entries = listeners(lowest_port, highest_port);
  has_table_ = entries.has_value();
  if (!entries) return;
  for (const auto& entry : *entries) old_.insert(entry.inode);
}

std::optional<std::uint16_t> ListenerScan::find(std::int64_t root) {
  if (has_table_) return find_in_table(root);
  return accepts_connections(port_) ? std::optional(port_) : std::nullopt;
}

std::optional<std::uint16_t> ListenerScan::find_in_table(std::int64_t root) {
  const auto entries = any_ ? listeners(lowest_port, highest_port) : listeners(port_, port_);
  if (!entries) return {};
  std::optional<std::uint16_t> other;
  for (const auto& entry : *entries) {
    const bool is_wanted = entry.local.port == port_;
    if ((other && !is_wanted) || !belongs(root, entry.inode)) continue;
    if (is_wanted) return port_;
    other = entry.local.port;
  }
  return other;
}

bool ListenerScan::belongs(std::int64_t root, std::uint64_t inode) {
  if (inode == 0 || old_.contains(inode)) return false;
  const auto now = os::Clock::now();
  auto& ask_again = foreign_[inode];
  if (now < ask_again) return false;
  const auto holds = os::process_tree_holds(root, std::array{inode});
  if (holds.value_or(true)) return true;
  ask_again = now + foreign_recheck;
  return false;
}

std::optional<std::uint16_t> ListenerScan::other_port(std::int64_t root) const {
  if (!has_table_) return {};
  auto all = *this;
  all.any_ = true;
  all.foreign_.clear();
  return all.find_in_table(root);
}

}  // namespace portend::server
