// SPDX-License-Identifier: MIT
// Which ports a search looks at, before any of them is tried.
#pragma once

#include <cstdint>
#include <optional>

#include "ports/search_failure.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

class PortFilter {
 public:
  explicit PortFilter(const SearchOptions& options) : options_(options) {}

  /// Why a port must not be tried; Obstacle::none if it may.
  [[nodiscard]] Obstacle obstacle(std::uint16_t port) const;
  /// The same for a port that the caller preferred: what the system keeps for itself does not matter.
  [[nodiscard]] Obstacle obstacle_of_preferred(std::uint16_t port) const;

  /// From where ports are chosen, apart from those that are preferred; nothing where all are to be avoided.
  /// Throws NoPort if the first port to try is outside of the range.
  [[nodiscard]] std::optional<Range> range() const;

  /// Whether that is the system's own range, as it is unless the caller says otherwise.
  [[nodiscard]] bool is_systems_own() const;

 private:
  const SearchOptions& options_;
};

}  // namespace portend::ports
