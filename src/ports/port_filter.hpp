// SPDX-License-Identifier: MIT
// Decides which ports a search may try.
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
  /// The same for a port that the caller prefers. Ports that the system reserves are allowed.
  [[nodiscard]] Obstacle obstacle_of_preferred(std::uint16_t port) const;

  /// The range to choose from, apart from preferred ports; nothing if all ports are to be avoided. Throws
  /// NoPort if the first port to try is outside of the range.
  [[nodiscard]] std::optional<Range> range() const;

  /// Whether that is the ephemeral range of the system, which is the default.
  [[nodiscard]] bool is_systems_own() const;

 private:
  const SearchOptions& options_;
};

}  // namespace portend::ports
