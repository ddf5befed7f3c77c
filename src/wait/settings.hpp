// SPDX-License-Identifier: MIT
// The options of a wait.
#pragma once

#include <cstdint>
#include <optional>

#include "os/address.hpp"
#include "os/time.hpp"

namespace portend::wait {

enum class Mode : std::uint8_t { all, any };

/// What proves that a port is occupied. `automatic`: the socket table if it can be read. `connection`: always
/// a connection. `table`: only the socket table.
enum class Evidence : std::uint8_t { automatic, connection, table };

struct Settings {
  os::Duration shortest{0};  // bounds of the probe intervals; 0: as the backoff decides
  os::Duration longest{0};
  os::Duration attempt_limit = std::chrono::seconds(1);
  os::Duration stable{0};  // how long a connection must stay open to count
  std::optional<os::Family> family;
  Evidence evidence = Evidence::automatic;
  bool retry_names = false;
  std::int64_t process = 0;  // the wait ends when it dies; 0: none
  std::int64_t owner = 0;    // only listeners of it and its descendants count; 0: any

  [[nodiscard]] bool needs_connection() const {
    return evidence == Evidence::connection || stable > os::Duration::zero();
  }
};

}  // namespace portend::wait
