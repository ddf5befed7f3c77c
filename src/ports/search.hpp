// SPDX-License-Identifier: MIT
// Searches for ports that can be bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "os/time.hpp"
#include "ports/port_sequence.hpp"
#include "ports/port_trial.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// The deadline of a search that starts now. It covers the look-up of the host, the port server, and the
/// probes.
os::Instant search_deadline();

/// A search for single ports. The caller keeps each returned port bound, so that none is returned twice.
class Search {
 public:
  /// Throws as bind_addresses does. `options` must outlive this object.
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
  bool try_returned(BoundPort& result);
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
  std::vector<std::uint16_t> recent_;  // not returned while there is another port
};

/// Returns distinct ports that can be bound now; each is kept until all are found. Throws as Search does.
std::vector<std::uint16_t> find(const SearchOptions& options, std::size_t count);

/// Lets later searches of this process find a port again at once.
void return_port(std::uint16_t port) noexcept;

}  // namespace portend::ports
