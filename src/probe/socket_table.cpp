// SPDX-License-Identifier: MIT
#include "probe/socket_table.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <system_error>

#include "os/process_tree.hpp"
#include "os/socket.hpp"
#include "os/socket_list.hpp"

namespace portend::probe {

namespace {

/// For fewer addresses than this, the listeners of the machine are not listed as a whole.
constexpr std::size_t few = 64;

}  // namespace

bool SocketTable::readable() {
  if (!tried_) {
    tried_ = true;
    table_ = os::SocketTable::open();
  }
  return table_.has_value();
}

/// Checks that the table shows a listener that exists for certain. A kernel without sock_diag for TCP reports
/// every port as not listening. One check per process is enough, since the result depends on the kernel only.
/// If the system refuses the listener, nothing is proven, and probes connect.
bool SocketTable::is_trustworthy() try {
  static std::atomic<bool> proven = false;
  if (proven.load(std::memory_order_relaxed)) return true;
  const auto canary = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {});
  if (!canary || os::bind(canary, {os::loopback4, 0}) != os::Binding::bound) return false;
  os::listen(canary, 1);
  const std::array where{os::Endpoint{os::loopback4, os::bound_port(canary)}};
  std::array found{os::Listening::unknown};
  table_->look(where, found);
  const bool right = found[0] == os::Listening::yes;
  proven.store(right, std::memory_order_relaxed);
  return right;
} catch (const std::system_error&) {
  return false;
}

void SocketTable::look(std::span<const os::Endpoint> where, std::span<os::Listening> found) {
  std::ranges::fill(found, os::Listening::unknown);
  if (!readable()) return;
  read_without_check(where, found);
  // While loopback is down no connection reaches a listener, so listeners do not count.
  const bool says_yes = std::ranges::any_of(found, os::is_listener);
  if (says_yes && !table_->loopback_is_up()) {
    std::ranges::replace_if(found, os::is_listener, os::Listening::no);
  }
  const bool says_no = std::ranges::find(found, os::Listening::no) != found.end();
  if (says_no && !is_trustworthy()) std::ranges::replace(found, os::Listening::no, os::Listening::unknown);
}

os::Listening SocketTable::look(const os::Endpoint& where) {
  std::array found{os::Listening::unknown};
  look(std::span(&where, 1), found);
  return found[0];
}

void SocketTable::read_without_check(std::span<const os::Endpoint> where, std::span<os::Listening> found) {
  // Measured: one address costs as much as three listeners; listing has a fixed cost of about 20 more.
  const bool list_is_cheaper = where.size() > few && where.size() > listeners_ / 3 + 20;
  if (list_is_cheaper && look_at_all_listeners(where, found)) return;
  table_->look(where, found);
}

bool SocketTable::look_at_all_listeners(std::span<const os::Endpoint> where, std::span<os::Listening> found) {
  auto listeners = table_->listeners();
  if (!listeners) return false;
  listeners_ = listeners->size();
  const auto port_of = [](const os::TableEntry& entry) { return entry.local.port; };
  std::ranges::sort(*listeners, {}, port_of);
  for (std::size_t i = 0; i < where.size(); ++i) {
    found[i] = os::Listening::no;
    auto entry = std::ranges::lower_bound(*listeners, where[i].port, {}, port_of);
    for (; entry != listeners->end() && entry->local.port == where[i].port; ++entry) {
      if (!os::is_met_by(*entry, where[i])) continue;
      found[i] = entry->backlog_full ? os::Listening::backlog_full : os::Listening::yes;
      if (!entry->backlog_full) break;
    }
  }
  return true;
}

Bindable try_bind(const os::Endpoint& where) {
  const bool wildcard = where.ip == os::any6;
  const auto socket = os::bindable_socket(where.ip.family, os::Transport::tcp,
                                          {.reuse_address = true, .dual_stack = wildcard});
  if (!socket) return Bindable::absent;
  switch (os::bind(socket, where)) {
    case os::Binding::bound:
      return Bindable::yes;
    case os::Binding::in_use:
      return Bindable::in_use;
    case os::Binding::forbidden:
      return Bindable::forbidden;
    case os::Binding::no_address:
      break;
  }
  return Bindable::absent;
}

std::optional<std::vector<bool>> connections_left(std::span<const os::Endpoint> where) {
  const auto is_of = [](const os::Endpoint& local, const os::Endpoint& wanted) {
    return local.port == wanted.port && (os::is_wildcard(wanted.ip) || local.ip == wanted.ip);
  };
  const auto [first, last] = std::ranges::minmax(where, {}, &os::Endpoint::port);
  const auto connections =
      os::list_sockets({.first_port = first.port, .last_port = last.port, .connected = true});
  if (!connections) return {};
  std::vector<bool> left;
  left.reserve(where.size());
  for (const auto& wanted : where) {
    left.push_back(
        std::ranges::any_of(*connections, [&](const auto& each) { return is_of(each.local, wanted); }));
  }
  return left;
}

std::optional<bool> is_owned_by(const os::Endpoint& where, std::int64_t pid) {
  const auto listeners = os::listening_sockets();
  if (!listeners) return {};
  std::vector<std::uint64_t> inodes;
  for (const auto& entry : *listeners) {
    if (os::is_met_by(entry, where)) inodes.push_back(entry.inode);
  }
  return os::process_tree_holds(pid, inodes);
}

}  // namespace portend::probe
