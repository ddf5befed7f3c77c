// SPDX-License-Identifier: MIT
// What a caller may set for a wait.
#pragma once

#include <cstdint>
#include <optional>

#include "os/address.hpp"
#include "os/time.hpp"

namespace portend::wait {

enum class Mode : std::uint8_t { all, any };

/// What counts as proof that a port is occupied: the socket table if it can be read, a
/// connection in any case, or the socket table and nothing else.
enum class Evidence : std::uint8_t { automatic, connection, table };

struct Settings {
  os::Duration shortest{0};  // of the intervals of probes; 0 leaves them to the backoff
  os::Duration longest{0};
  os::Duration attempt_limit = std::chrono::seconds(1);
  os::Duration stable{0};  // how long a connection must stay open to count
  std::optional<os::Family> family;
  Evidence evidence = Evidence::automatic;
  bool retry_names = false;
  std::int64_t process = 0;  // its death ends the wait; 0 for none
  std::int64_t owner = 0;    // only its listeners and those of its descendants count; 0 for any

  [[nodiscard]] bool needs_connection() const {
    return evidence == Evidence::connection || stable > os::Duration::zero();
  }
};

}  // namespace portend::wait
