// SPDX-License-Identifier: MIT
#include "ports/block_search.hpp"

#include "ports/port_sequence.hpp"
#include "ports/recent_ports.hpp"

namespace portend::ports {

BlockSearch::BlockSearch(const SearchOptions& options, Purpose purpose, os::Instant until)
    : options_(options), purpose_(purpose), trial_(options, purpose, until) {}

std::vector<BoundPort> BlockSearch::next(std::size_t count) {
  auto block = try_preferred(count);
  if (block.empty() && !options_.only_preferred) block = try_range(count);
  if (!block.empty()) return block;
  throw trial_.failure(count);
}

/// A block begins at a preferred port. If only preferred ports are allowed, it also ends at one.
std::vector<BoundPort> BlockSearch::try_preferred(std::size_t count) {
  constexpr std::size_t ports_in_all = 65536;
  const Terms terms{.choice = Choice::preferred, .allowed = Leftovers::connections, .recent = Recent::taken};
  for (const auto& ports : options_.preferred) {
    const auto end = options_.only_preferred ? std::size_t{ports.last} + 1 : ports_in_all;
    for (std::uint32_t first = ports.first; first <= ports.last && first + count <= end; ++first) {
      Block block;
      if (!try_block(first, count, terms, block)) return block;
    }
  }
  return {};
}

std::vector<BoundPort> BlockSearch::try_range(std::size_t count) {
  const auto range = trial_.filter().range();
  if (!range || range->size() < count) return {};
  const bool is_walk = options_.from || options_.name;
  const auto last = static_cast<std::uint32_t>(range->last - count + 1);
  const auto start = first_start(*range, count);
  const Terms strict{.choice = is_walk ? Choice::by_number : Choice::automatic,
                     .allowed = is_walk ? Leftovers::connections : Leftovers::none,
                     .recent = options_.from ? Recent::passed_over : Recent::taken};
  auto block = try_starts(start, last, count, strict);
  if (block.empty() && start > range->first) block = try_starts(range->first, start - 1, count, strict);
  const bool has_more = options_.from || options_.range;
  if (!block.empty() || !has_more) return block;
  return try_starts(range->first, last, count, {strict.choice, Leftovers::connections, Recent::taken});
}

/// Successive searches of this process continue where the previous one started, so that blocks do not
/// overlap.
std::uint32_t BlockSearch::first_start(Range range, std::size_t count) const {
  if (options_.from) return *options_.from;
  const Range starts{range.first, static_cast<std::uint16_t>(range.last - count + 1)};
  if (options_.name) return port_at({start_of(*options_.name), 0}, starts, 1);
  const auto cursor = next_cursor();
  return port_at({cursor.start, cursor.count * static_cast<std::uint32_t>(count)}, starts, 1);
}

std::vector<BoundPort> BlockSearch::try_starts(std::uint32_t first, std::uint32_t last, std::size_t count,
                                               Terms terms) {
  while (first <= last) {
    Block block;
    const auto obstacle = try_block(first, count, terms, block);
    if (!obstacle) return block;
    first = *obstacle + 1;  // no block with this port is possible
  }
  return {};
}

/// Binds all ports of a block; otherwise returns the port that cannot be bound.
std::optional<std::uint32_t> BlockSearch::try_block(std::uint32_t first, std::size_t count, Terms terms,
                                                    Block& block) {
  const bool passes_over = terms.recent == Recent::passed_over && purpose_ == Purpose::find;
  const auto now = os::Clock::now();
  for (auto number = first; number < first + count; ++number) {
    const auto port = static_cast<std::uint16_t>(number);
    BoundPort bound;
    const bool is_skipped = passes_over && was_given_recently(port, now);
    if (is_skipped || !trial_.try_port(port, terms.choice, terms.allowed, bound)) {
      trial_.take_back(block.size());
      return number;
    }
    block.push_back(std::move(bound));
  }
  return {};
}

}  // namespace portend::ports
