// SPDX-License-Identifier: MIT
#include "ports/search.hpp"

#include <algorithm>
#include <utility>

#include "os/socket_table.hpp"
#include "ports/block_search.hpp"
#include "ports/port_server.hpp"
#include "ports/recent_ports.hpp"
#include "ports/returned_ports.hpp"

namespace portend::ports {

namespace {

constexpr std::chrono::seconds longest_search{5};

/// How many ports are tried one by one before the range counts as crowded.
constexpr int sequence_tries = 16;

/// A port server serves only callers that accept any port of the whole machine.
bool may_ask_port_server(const SearchOptions& options) {
  const bool wants_any = !options.range && !options.from && !options.name && !options.avoid_ephemeral &&
                         !options.only_preferred && options.preferred.empty();
  return options.ask_port_server && options.host.empty() && wants_any;
}

/// Remembers the ports for the next search of this process, which must not return them again.
void remember(const SearchOptions& options, std::vector<std::uint16_t> ports) {
  if (!options.from && options.preferred.empty()) return;
  std::erase_if(ports,
                [&](std::uint16_t port) { return !options.from && !contains(options.preferred, port); });
  remember_given(ports, os::Clock::now());
}

}  // namespace

os::Instant search_deadline() { return os::saturating_add(os::Clock::now(), longest_search); }

Search::Search(const SearchOptions& options, Purpose purpose, os::Instant until)
    : options_(options),
      purpose_(purpose),
      until_(until),
      trial_(options, purpose, until),
      port_server_answers_(may_ask_port_server(options)),
      preferred_(list_of(options.preferred)) {}

BoundPort Search::next() {
  BoundPort result;
  if (try_port_server(result) || try_preferred(result) || try_range(result) || try_recent(result))
    return result;
  throw trial_.failure(0);
}

bool Search::try_port_server(BoundPort& result) {
  if (!port_server_answers_) return false;
  if (try_returned(result)) return true;
  const auto port = ask_port_server(until_);
  // A server that has no port or is too slow is not asked again.
  port_server_answers_ = port.has_value();
  if (port) remember_served(*port);
  return port && trial_.try_port(*port, Choice::preferred, Leftovers::none, result);
}

bool Search::try_returned(BoundPort& result) {
  for (auto port = take_returned(0); port; port = take_returned(*port + 1U)) {
    remember_served(*port);
    if (trial_.try_port(*port, Choice::preferred, Leftovers::none, result)) return true;
    put_back(*port);
  }
  return false;
}

bool Search::try_preferred(BoundPort& result) {
  while (next_preferred_ < preferred_.size()) {
    const auto port = preferred_[next_preferred_++];
    if (is_too_recent(port)) continue;
    if (trial_.try_port(port, Choice::preferred, Leftovers::connections, result)) return true;
  }
  return false;
}

bool Search::try_range(BoundPort& result) {
  if (options_.only_preferred) return false;
  const auto range = trial_.filter().range();
  if (!range) return false;
  if (options_.from || options_.name) return try_upward(*range, result);
  const auto all = pools(*range);
  const auto try_first = [&](const Pool& pool) { return try_sequence(pool, result); };
  const auto try_rest = [&](const Pool& pool) {
    return trial_.try_any(pool.range, result) || try_all(pool, result);
  };
  return std::ranges::any_of(all, try_first) || std::ranges::any_of(all, try_rest);
}

/// Tries from a number to the end of the range, or through the whole range from the start of a name.
bool Search::try_upward(Range range, BoundPort& result) {
  const Cursor first{.start = options_.name ? start_of(*options_.name) : 0, .count = 0};
  while (next_upward_ < range.size()) {
    const auto port = port_at({first.start, next_upward_++}, range, 1);
    if (options_.from && is_too_recent(port)) continue;
    if (trial_.try_port(port, Choice::by_number, Leftovers::connections, result)) return true;
  }
  return false;
}

/// The parts of the range, in order of preference. The kernel assigns ports of one parity to bind(2), and of
/// the other to connect(2), as long as it has any. Searches for servers do the same.
std::vector<Search::Pool> Search::pools(Range range) const {
  if (!trial_.filter().is_systems_own() || range.size() < 2) return {{.range = range}};
  return {{.range = {static_cast<std::uint16_t>(range.first + 1), range.last}, .stride = 2},
          {.range = range, .stride = 2}};
}

bool Search::try_sequence(Pool pool, BoundPort& result) {
  for (int i = 0; i < sequence_tries; ++i) {
    const auto port = port_at(next_cursor(), pool.range, pool.stride);
    if (trial_.try_port(port, Choice::automatic, Leftovers::none, result)) return true;
  }
  return false;
}

/// Tries the ports that the socket table does not list as taken. Then tries the others, unless the table
/// decides: it does not distinguish addresses. (In a crowded range the kernel, in try_any, is ten times as
/// fast.)
bool Search::try_all(Pool pool, BoundPort& result) {
  auto table = os::SocketTable::open();
  const auto taken = table ? table->taken_ports() : std::vector<std::uint16_t>();
  const auto is_taken = [&](std::uint16_t port) { return std::ranges::binary_search(taken, port); };
  const auto first = next_cursor();
  const auto count = (pool.range.size() + pool.stride - 1) / pool.stride;
  for (const bool look_at_taken : {false, true}) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto port = port_at({first.start, first.count + i}, pool.range, pool.stride);
      if (is_taken(port) != look_at_taken) continue;
      if (look_at_taken && options_.host.empty() && !options_.family) {
        trial_.note(port, Obstacle::in_use);
      } else if (trial_.try_port(port, Choice::automatic, Leftovers::none, result)) {
        return true;
      }
    }
  }
  return options_.range && try_left_over(pool, first, result);
}

/// A port in TIME_WAIT is the last choice, and only in a range that the caller chose. A server that does not
/// set SO_REUSEADDR cannot use it.
bool Search::try_left_over(Pool pool, Cursor first, BoundPort& result) {
  for (std::uint32_t i = 0; i < pool.range.size(); ++i) {
    const auto port = port_at({first.start, first.count + i}, pool.range, 1);
    if (trial_.noted(port) != Obstacle::in_use) continue;
    if (trial_.try_port(port, Choice::automatic, Leftovers::connections, result)) return true;
  }
  return false;
}

bool Search::is_too_recent(std::uint16_t port) {
  if (purpose_ != Purpose::find || !was_given_recently(port, os::Clock::now())) return false;
  recent_.push_back(port);
  return true;
}

bool Search::try_recent(BoundPort& result) {
  while (!recent_.empty()) {
    const auto port = recent_.front();
    recent_.erase(recent_.begin());
    if (trial_.try_port(port, Choice::preferred, Leftovers::connections, result)) return true;
  }
  return false;
}

void return_port(std::uint16_t port) noexcept {
  put_back(port);
  forget_given(port);
}

std::vector<std::uint16_t> find(const SearchOptions& options, std::size_t count) {
  const auto until = search_deadline();
  std::vector<BoundPort> held;
  if (options.consecutive && count > 1) {
    held = BlockSearch(options, Purpose::find, until).next(count);
  } else {
    Search search(options, Purpose::find, until);
    held.reserve(count);
    while (held.size() < count) held.push_back(search.next());
  }
  std::vector<std::uint16_t> ports;
  ports.reserve(count);
  for (const auto& result : held) ports.push_back(result.port);
  remember(options, ports);
  return ports;
}

}  // namespace portend::ports
