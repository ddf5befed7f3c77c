// SPDX-License-Identifier: MIT
#include "probe/table.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "os/socket.hpp"

namespace portend::probe {

namespace {

/// Below this many addresses the listeners of the machine are never all listed.
constexpr std::size_t few = 64;

/// Whether the table was right about a listener that is there for certain. Once is enough
/// for a process: it is a matter of the kernel.
bool proves_right(os::SocketTable& table) {
  static std::atomic<bool> proven = false;
  if (proven.load(std::memory_order_relaxed)) return true;
  const auto canary = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {});
  if (!canary || os::bind(canary, {os::loopback4, 0}) != os::Binding::bound) return false;
  os::listen(canary, 1);
  const std::array where{os::Endpoint{os::loopback4, os::bound_port(canary)}};
  std::array found{os::Listening::unknown};
  table.look(where, found);
  const bool right = found[0] == os::Listening::yes;
  proven.store(right, std::memory_order_relaxed);
  return right;
}

}  // namespace

std::optional<Table> Table::open() {
  auto table = os::SocketTable::open();
  if (!table || !proves_right(*table)) return {};
  return Table(std::move(*table));
}

void Table::look(std::span<const os::Endpoint> where, std::span<os::Listening> found) {
  // Measured: an address costs three times what a listener costs, and a list some 20 more.
  const bool list_is_cheaper = where.size() > few && where.size() > listeners_ / 3 + 20;
  if (list_is_cheaper && look_at_all_listeners(where, found)) return;
  table_.look(where, found);
}

bool Table::look_at_all_listeners(std::span<const os::Endpoint> where, std::span<os::Listening> found) {
  auto listeners = table_.listeners();
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

}  // namespace portend::probe
