// SPDX-License-Identifier: MIT
// Searches for a block of adjacent ports that can be bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/time.hpp"
#include "ports/port_trial.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

class BlockSearch {
 public:
  /// Throws as bind_addresses does. `options` must outlive this object.
  BlockSearch(const SearchOptions& options, Purpose purpose, os::Instant until);

  /// Returns a block of `count` ports, in ascending order. Throws NoPort.
  std::vector<BoundPort> next(std::size_t count);

  PortTrial& trial() { return trial_; }

 private:
  enum class Recent : bool { passed_over, taken };

  struct Terms {
    Choice choice = Choice::automatic;
    Leftovers allowed = Leftovers::none;
    Recent recent = Recent::taken;
  };

  using Block = std::vector<BoundPort>;

  Block try_preferred(std::size_t count);
  Block try_range(std::size_t count);
  Block try_starts(std::uint32_t first, std::uint32_t last, std::size_t count, Terms terms);
  std::optional<std::uint32_t> try_block(std::uint32_t first, std::size_t count, Terms terms, Block& block);
  [[nodiscard]] std::uint32_t first_start(Range range, std::size_t count) const;

  const SearchOptions& options_;
  Purpose purpose_;
  PortTrial trial_;
};

}  // namespace portend::ports
