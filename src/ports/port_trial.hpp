// SPDX-License-Identifier: MIT
// Tries single ports, and records why ports were rejected.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ports/forwarding.hpp"
#include "ports/port_binder.hpp"
#include "ports/port_filter.hpp"
#include "ports/search_failure.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// A reservation must not share its port with another one. A found port is only a hint.
enum class Purpose : std::uint8_t { find, reserve };

/// How a port was chosen: by the search, by a number or name of the caller, or as a preference of the caller.
enum class Choice : std::uint8_t { automatic, by_number, preferred };

class PortTrial {
 public:
  /// Throws as bind_addresses does. `options` must outlive this object.
  PortTrial(const SearchOptions& options, Purpose purpose, os::Instant until);

  /// Tries to bind the port. Returns whether it is bound now.
  bool try_port(std::uint16_t port, Choice choice, Leftovers allowed, BoundPort& result);

  /// Lets the kernel choose a port of the range. Returns whether a port is bound now.
  bool try_any(Range range, BoundPort& result);

  /// Takes back the last `count` ports, which may then be tried again.
  void take_back(std::size_t count);

  /// Excludes the port from now on: it proved to be in use.
  void reject(std::uint16_t port);

  void note(std::uint16_t port, Obstacle obstacle);
  [[nodiscard]] Obstacle noted(std::uint16_t port) const;

  /// The exception for a search that has tried all allowed ports. `in_a_row`: the length of the requested
  /// block; 0 for single ports.
  [[nodiscard]] NoPort failure(std::size_t in_a_row) const;

  [[nodiscard]] const PortBinder& binder() const { return binder_; }
  [[nodiscard]] const PortFilter& filter() const { return filter_; }

 private:
  [[nodiscard]] Obstacle obstacle(std::uint16_t port, Choice choice) const;
  [[nodiscard]] bool is_rejected(std::uint16_t port) const;
  bool is_forwarded(std::uint16_t port, Choice choice);
  void count(std::uint16_t port, Choice choice, std::vector<bool>& counted, NoPort& failure) const;

  const SearchOptions& options_;
  PortFilter filter_;
  PortBinder binder_;
  ForwardingProbe forwarding_;
  bool may_forward_;
  std::vector<Obstacle> noted_;  // empty, or one entry per port
  std::vector<std::uint16_t> given_;
  std::vector<std::uint16_t> rejected_;
};

}  // namespace portend::ports
