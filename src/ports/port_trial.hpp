// SPDX-License-Identifier: MIT
// Tries single ports, and remembers what was in the way.
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

/// A reservation must not share its port with another one; a number that is found is a hint.
enum class Purpose : std::uint8_t { find, reserve };

/// What chose a port: the search itself, or the caller, which named it or the port to begin at.
enum class Choice : std::uint8_t { automatic, by_number, preferred };

class PortTrial {
 public:
  /// Throws as bind_addresses does. The options must live as long as this.
  PortTrial(const SearchOptions& options, Purpose purpose, os::Instant until);

  /// Whether the port is bound now.
  bool try_port(std::uint16_t port, Choice choice, Leftovers allowed, BoundPort& result);

  /// Whether a port that the kernel is to choose from the range is bound now.
  bool try_any(Range range, BoundPort& result);

  /// Takes the last ports back: they are given no more, and may be tried again.
  void take_back(std::size_t count);

  /// Never gives the port: it is in use after all.
  void reject(std::uint16_t port);

  void note(std::uint16_t port, Obstacle obstacle);
  [[nodiscard]] Obstacle noted(std::uint16_t port) const;

  /// To be thrown when none is left: all ports that may be given were tried.
  [[nodiscard]] NoPort failure() const;

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
  std::vector<Obstacle> noted_;  // empty, or one a port
  std::vector<std::uint16_t> given_;
  std::vector<std::uint16_t> rejected_;
};

}  // namespace portend::ports
