// SPDX-License-Identifier: MIT
// What a caller may wish of a port.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "os/address.hpp"

namespace portend::ports {

struct Range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  [[nodiscard]] std::uint32_t size() const { return std::uint32_t{last} - first + 1; }
  [[nodiscard]] bool contains(std::uint16_t port) const { return port >= first && port <= last; }
};

struct SearchOptions {
  std::string host;  // empty: the whole machine
  std::optional<os::Family> family;
  std::optional<Range> range;
  bool avoid_ephemeral = false;
  std::vector<std::uint16_t> preferred;
  bool only_preferred = false;
  std::set<std::uint16_t> excluded;
  bool udp = false;
  bool ask_port_server = true;
};

/// No port fits. Says what was tried.
class NoPort : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The host has no address.
class NoAddress : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace portend::ports
