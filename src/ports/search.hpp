// SPDX-License-Identifier: MIT
// Looking for ports that can be bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ports/port_binder.hpp"
#include "ports/search_options.hpp"

namespace portend::ports {

/// One search. Each port that it gives is held, so that it is not given twice.
class Search {
 public:
  explicit Search(const SearchOptions& options);

  /// Throws NoPort with a sentence that says what was tried.
  BoundPort next();

  [[nodiscard]] const PortBinder& binder() const { return binder_; }

 private:
  struct Pool {
    Range range;
    std::uint32_t stride = 1;
  };

  bool try_port(std::uint16_t port, BoundPort& result);
  bool try_port_server(BoundPort& result);
  bool try_preferred(BoundPort& result);
  bool try_sequence(Pool pool, BoundPort& result);
  bool try_kernel(Pool pool, BoundPort& result);
  bool try_all(Pool pool, BoundPort& result);
  [[nodiscard]] bool is_excluded(std::uint16_t port) const;
  [[nodiscard]] std::optional<Range> searched_range() const;
  [[nodiscard]] std::vector<Pool> pools() const;
  [[nodiscard]] std::string failure() const;

  const SearchOptions& options_;
  PortBinder binder_;
  std::size_t next_preferred_ = 0;

  // For the sentence of a failure.
  std::size_t found_ = 0;
  std::size_t in_use_ = 0;
  std::size_t forbidden_ = 0;
};

/// Ports that can be bound now, all distinct; each is held until all are found.
std::vector<std::uint16_t> find(const SearchOptions& options, std::size_t count);

}  // namespace portend::ports
