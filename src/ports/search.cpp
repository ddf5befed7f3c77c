// SPDX-License-Identifier: MIT
#include "ports/search.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "os/port_range.hpp"
#include "os/socket_table.hpp"
#include "ports/port_sequence.hpp"
#include "ports/port_server.hpp"

namespace portend::ports {

namespace {

/// So many ports are tried one by one before a range counts as crowded.
constexpr int sequence_tries = 16;

/// Read once: a change of it makes no found port wrong. Without a lock, which a fork could leave
/// locked: who comes second throws his own copy away.
const os::EphemeralPorts& system_ports() {
  static std::atomic<const os::EphemeralPorts*> known = nullptr;
  if (const auto* ports = known.load()) return *ports;
  auto read = std::make_unique<const os::EphemeralPorts>(os::ephemeral_ports());
  const os::EphemeralPorts* before = nullptr;
  return known.compare_exchange_strong(before, read.get()) ? *read.release() : *before;
}

bool is_reserved(std::uint16_t port) { return std::ranges::binary_search(system_ports().reserved, port); }

/// Ports that the system does not hand out by itself, as many in a row as there are, if any.
std::optional<Range> non_ephemeral_range() {
  constexpr std::uint16_t first_unprivileged = 1024;
  constexpr std::uint16_t preferred_first = 10000;  // above most well-known services
  const auto& system = system_ports();
  const int below = system.first - first_unprivileged;
  const int above = 65535 - system.last;
  if (below <= 0 && above <= 0) return {};
  if (above > below) return Range{static_cast<std::uint16_t>(system.last + 1), 65535};
  const auto first = system.first > 2 * preferred_first ? preferred_first : first_unprivileged;
  return Range{first, static_cast<std::uint16_t>(system.first - 1)};
}

std::string text_of(Range range) {
  if (range.first == range.last) return "port " + std::to_string(range.first);
  std::string text = "port from ";
  return text.append(std::to_string(range.first)).append(" to ").append(std::to_string(range.last));
}

std::string list_of(const std::vector<std::uint16_t>& ports) {
  std::string text;
  for (const auto port : ports) {
    if (!text.empty()) text += ", ";
    text += std::to_string(port);
  }
  return text;
}

}  // namespace

Search::Search(const SearchOptions& options) : options_(options), binder_(options) {}

BoundPort Search::next() {
  BoundPort result;
  const auto done = [&] {
    ++found_;
    return std::move(result);
  };
  if (try_port_server(result) || try_preferred(result)) return done();
  if (!options_.only_preferred) {
    const auto all = pools();
    for (const auto& pool : all) {
      if (try_sequence(pool, result)) return done();
    }
    for (const auto& pool : all) {
      if (try_kernel(pool, result) || try_all(pool, result)) return done();
    }
  }
  throw NoPort(failure());
}

/// Where to look, in this order. What the system hands out to servers are the ports of one
/// parity, and to clients those of the other one, as long as there are any: servers keep to
/// theirs here, too.
std::vector<Search::Pool> Search::pools() const {
  const auto range = searched_range();
  if (!range) return {};
  const bool is_systems_own = !options_.range && !options_.avoid_ephemeral;
  if (!is_systems_own || range->size() < 2) return {{.range = *range}};
  return {{.range = {static_cast<std::uint16_t>(range->first + 1), range->last}, .stride = 2},
          {.range = *range, .stride = 2}};
}

bool Search::is_excluded(std::uint16_t port) const {
  return options_.excluded.contains(port) || (!options_.range && is_reserved(port));
}

bool Search::try_port(std::uint16_t port, BoundPort& result) {
  switch (binder_.bind(port, result)) {
    case os::Binding::bound:
      return true;
    case os::Binding::forbidden:
      ++forbidden_;
      return false;
    case os::Binding::in_use:
    case os::Binding::no_address:
      ++in_use_;
      return false;
  }
  return false;
}

bool Search::try_port_server(BoundPort& result) {
  const bool serves = options_.ask_port_server && binder_.whole_machine() && !options_.range &&
                      !options_.avoid_ephemeral && options_.preferred.empty();
  if (!serves) return false;
  const auto port = ask_port_server();
  return port && !options_.excluded.contains(*port) && try_port(*port, result);
}

bool Search::try_preferred(BoundPort& result) {
  while (next_preferred_ < options_.preferred.size()) {
    const auto port = options_.preferred[next_preferred_++];
    if (!options_.excluded.contains(port) && try_port(port, result)) return true;
  }
  return false;
}

bool Search::try_sequence(Pool pool, BoundPort& result) {
  for (int i = 0; i < sequence_tries; ++i) {
    const auto port = port_at(next_cursor(), pool.range, pool.stride);
    if (!is_excluded(port) && try_port(port, result)) return true;
  }
  return false;
}

/// In a crowded range the kernel finds a hole ten times as fast as trying does.
bool Search::try_kernel(Pool pool, BoundPort& result) {
  if (!binder_.bind_any(pool.range, result)) return false;
  if (!is_excluded(result.port)) return true;
  result = {};
  return false;
}

/// What no list of the kernel's names as taken, and where that list does not tell of single
/// addresses, all the rest.
bool Search::try_all(Pool pool, BoundPort& result) {
  auto table = os::SocketTable::open();
  const auto taken = table ? table->taken_ports() : std::vector<std::uint16_t>();
  const auto is_taken = [&](std::uint16_t port) { return std::ranges::binary_search(taken, port); };
  in_use_ = 0;
  forbidden_ = 0;
  const auto first = next_cursor();
  const auto places = (pool.range.size() + pool.stride - 1) / pool.stride;
  for (const bool look_at_taken : {false, true}) {
    for (std::uint32_t i = 0; i < places; ++i) {
      const auto port = port_at({first.start, first.count + i}, pool.range, pool.stride);
      if (is_excluded(port) || is_taken(port) != look_at_taken) continue;
      if (look_at_taken && binder_.whole_machine()) {
        ++in_use_;
      } else if (try_port(port, result)) {
        return true;
      }
    }
  }
  return false;
}

std::optional<Range> Search::searched_range() const {
  if (options_.range) return options_.range;
  if (options_.avoid_ephemeral) return non_ephemeral_range();
  return Range{system_ports().first, system_ports().last};
}

std::string Search::failure() const {
  if (options_.only_preferred && options_.preferred.empty()) {
    return "No port is preferred, and no other one may be given.";
  }
  const auto range = searched_range();
  if (!options_.only_preferred && !range) {
    return "No port is left that avoids those of the system: the system hands out all from 1024 on.";
  }
  std::string text = found_ == 0 ? "No " : "After " + std::to_string(found_) + ", no further ";
  if (options_.only_preferred) {
    text += "preferred port (" + list_of(options_.preferred) + ")";
  } else {
    text += text_of(*range);
  }
  text += " can be bound on " + binder_.name() + ". (" + std::to_string(in_use_) + " in use";
  if (!options_.excluded.empty()) text += ", " + std::to_string(options_.excluded.size()) + " excluded";
  if (forbidden_ > 0) {
    text += ", " + std::to_string(forbidden_) + " not permitted: ports below 1024 need a privilege";
  }
  return text + ")";
}

std::vector<std::uint16_t> find(const SearchOptions& options, std::size_t count) {
  Search search(options);
  std::vector<BoundPort> held;
  held.reserve(count);
  while (held.size() < count) held.push_back(search.next());
  std::vector<std::uint16_t> ports;
  ports.reserve(count);
  for (const auto& result : held) ports.push_back(result.port);
  return ports;
}

}  // namespace portend::ports
