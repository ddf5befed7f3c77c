// SPDX-License-Identifier: MIT
// A machine with a search for ports on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "ports/reservation.hpp"
#include "ports/search.hpp"
#include "scenarios/scenario.hpp"

namespace portend::test {

using ports::NoPort;
using ports::Range;
using ports::SearchOptions;

struct FinderBench {
  FinderBench() { ++Scenario::count; }
  /// Occupies all ports of a range except some.
  void crowd(Range range, const std::set<std::uint16_t>& holes) {
    for (std::uint32_t each = range.first; each <= range.last; ++each) {
      const auto taken = static_cast<std::uint16_t>(each);
      if (!holes.contains(taken)) world.listen("::", taken, {.dual_stack = true});
    }
  }
  std::vector<std::uint16_t> find(std::size_t count = 1) {
    const auto found = ports::find(options, count);
    expect_equal(world.open_count(), std::size_t{0});
    return found;
  }
  /// Returns the failure of the search; nothing if a port is found.
  std::optional<NoPort> refusal() {
    try {
      find();
    } catch (const NoPort& failure) {
      expect_equal(world.open_count(), std::size_t{0});
      return failure;
    }
    return {};
  }
  [[nodiscard]] ports::Reservation reserve() const {
    return std::move(ports::Reservation::create(options, 1).front());
  }

  fake::World world;
  LeakCheck leak_check{world};
  SearchOptions options;
};

}  // namespace portend::test
