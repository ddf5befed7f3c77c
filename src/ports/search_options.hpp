// SPDX-License-Identifier: MIT
// The options of a search for ports.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/address.hpp"

namespace portend::ports {

struct Range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  bool operator==(const Range&) const = default;
  [[nodiscard]] std::uint32_t size() const { return std::uint32_t{last} - first + 1; }
  [[nodiscard]] bool contains(std::uint16_t port) const { return port >= first && port <= last; }
};

inline bool contains(const std::vector<Range>& ranges, std::uint16_t port) {
  return std::ranges::any_of(ranges, [port](const Range& range) { return range.contains(port); });
}

/// Expands the ranges to their ports, in order.
inline std::vector<std::uint16_t> list_of(const std::vector<Range>& ranges) {
  std::vector<std::uint16_t> ports;
  for (const auto& range : ranges) {
    for (std::uint32_t port = range.first; port <= range.last; ++port) {
      ports.push_back(static_cast<std::uint16_t>(port));
    }
  }
  return ports;
}

struct SearchOptions {
  std::string host;  // empty: the whole machine
  std::optional<os::Family> family;
  std::optional<Range> range;
  std::optional<std::uint16_t> from;  // walk upward from here
  std::optional<std::string> name;    // walk upward from the start of this name
  bool consecutive = false;
  bool avoid_ephemeral = false;
  bool browser_safe = false;
  std::vector<Range> preferred;
  bool only_preferred = false;
  std::vector<Range> excluded;
  bool udp = false;
  bool ask_port_server = true;
};

}  // namespace portend::ports
