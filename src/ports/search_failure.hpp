// SPDX-License-Identifier: MIT
// Why a search ends without a port, as values. The text is made elsewhere (capi/finder_messages).
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

/// Why a port is not given.
enum class Obstacle : std::uint8_t {
  none,
  given,      // by this search, a moment ago
  in_use,     // bind(2) fails, or a reservation keeps it
  forwarded,  // nothing is bound, and yet a connection is accepted: the kernel forwards it
  privileged,
  refused_by_policy,
  excluded,
  unsafe_for_browsers,
  reserved_by_administrator,
  ephemeral,  // and those are to be avoided
};

inline constexpr std::size_t obstacle_count = 10;

/// How many of the ports that were looked at each obstacle kept back. Their sum is the number of those ports.
using Tally = std::array<std::size_t, obstacle_count>;

/// No port fits, or not that many.
class NoPort : public std::exception {
 public:
  enum class Cause : std::uint8_t {
    none_left,         // each port is tallied
    none_preferred,    // only preferred ports may be given, and there is none
    all_ephemeral,     // none is left that avoids them
    family_lacking,    // this machine lacks the address family
    host_is_remote,    // the host has no address of this machine
    outside_of_range,  // the first port to try is
  };

  explicit NoPort(Cause reason) : cause(reason) {}
  [[nodiscard]] const char* what() const noexcept override { return "no port fits"; }

  Cause cause;
  std::string host;  // empty: the whole machine
  std::size_t found = 0;
  std::size_t in_a_row = 0;  // that so many were asked for together; 0 for single ports
  std::vector<Range> preferred;
  bool only_preferred = false;
  std::optional<Range> range;
  Tally tally{};
  std::vector<std::uint16_t> in_use;  // some of them
  bool udp = false;
};

/// The host has no address.
class NoAddress : public std::exception {
 public:
  NoAddress(std::string name, std::string why) : host(std::move(name)), resolver_error(std::move(why)) {}
  [[nodiscard]] const char* what() const noexcept override { return "no address"; }

  std::string host;
  std::string resolver_error;  // empty: none of the family that is asked for
};

}  // namespace portend::ports
