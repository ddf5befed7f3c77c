// SPDX-License-Identifier: MIT
// The reasons why a search finds no port, as values. capi/finder_messages makes the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "ports/search_options.hpp"

namespace portend::ports {

/// Why a port cannot be returned.
enum class Obstacle : std::uint8_t {
  none,
  given,      // already returned by this search
  in_use,     // bind(2) fails, or a reservation keeps it
  forwarded,  // not bound, but accepts connections: the kernel forwards it
  privileged,
  refused_by_policy,
  excluded,
  unsafe_for_browsers,
  reserved_by_administrator,
  ephemeral,  // and ephemeral ports are to be avoided
};

inline constexpr std::size_t obstacle_count = 10;

/// The number of ports for each obstacle. Their sum is the number of examined ports.
using Tally = std::array<std::size_t, obstacle_count>;

/// No port fits, or not enough ports.
class NoPort : public std::exception {
 public:
  enum class Cause : std::uint8_t {
    none_left,         // `tally` counts all ports
    none_preferred,    // only preferred ports are allowed, and the list is empty
    all_ephemeral,     // every port of the range is ephemeral
    family_lacking,    // this machine lacks the address family
    host_is_remote,    // the host has no address of this machine
    outside_of_range,  // the first port to try is outside of the range
  };

  explicit NoPort(Cause reason) : cause(reason) {}

  Cause cause;
  std::string host;  // empty: the whole machine
  std::size_t found = 0;
  std::size_t in_a_row = 0;  // the length of the requested block; 0 for single ports
  std::vector<Range> preferred;
  bool only_preferred = false;
  std::optional<Range> range;
  Tally tally{};
  std::vector<std::uint16_t> in_use;  // some of the ports in use
  bool udp = false;
};

/// The host has no address.
class NoAddress : public std::exception {
 public:
  NoAddress(std::string name, std::string why) : host(std::move(name)), resolver_error(std::move(why)) {}

  std::string host;
  std::string resolver_error;  // empty: no address of the requested family
};

}  // namespace portend::ports
