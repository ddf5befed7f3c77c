// SPDX-License-Identifier: MIT
// Looks for ports that can be bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "os/time.hpp"
#include "ports/port_sequence.hpp"
#include "ports/port_trial.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// The end of a search that begins now: of looking its host up, of asking a port server, and of probing, all
/// together.
os::Instant search_deadline();

/// A search for single ports. The caller keeps each port that it gives bound, so that none is given twice.
class Search {
 public:
  /// Throws as bind_addresses does. The options must live as long as this.
  Search(const SearchOptions& options, Purpose purpose, os::Instant until);

  /// Throws NoPort.
  BoundPort next();

  PortTrial& trial() { return trial_; }

 private:
  struct Pool {
    Range range;
    std::uint32_t stride = 1;
  };

  bool try_port_server(BoundPort& result);
  bool try_preferred(BoundPort& result);
  bool try_range(BoundPort& result);
  bool try_upward(Range range, BoundPort& result);
  bool try_sequence(Pool pool, BoundPort& result);
  bool try_all(Pool pool, BoundPort& result);
  bool try_left_over(Pool pool, Cursor first, BoundPort& result);
  bool try_recent(BoundPort& result);
  bool is_too_recent(std::uint16_t port);
  [[nodiscard]] std::vector<Pool> pools(Range range) const;

  const SearchOptions& options_;
  Purpose purpose_;
  os::Instant until_;
  PortTrial trial_;
  bool port_server_answers_;
  std::vector<std::uint16_t> preferred_;
  std::size_t next_preferred_ = 0;
  std::uint32_t next_upward_ = 0;
  std::vector<std::uint16_t> recent_;  // passed over, as long as there is another
};

/// Ports that can be bound now, all distinct; each is kept until all are found. Throws as Search does.
std::vector<std::uint16_t> find(const SearchOptions& options, std::size_t count);

}  // namespace portend::ports
