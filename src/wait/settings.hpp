// SPDX-License-Identifier: MIT
// What a caller may wish of a wait.
#pragma once

#include <cstdint>
#include <optional>

#include "os/address.hpp"
#include "os/time.hpp"

namespace portend::wait {

enum class Mode : std::uint8_t { all, any };

struct Settings {
  os::Duration shortest{0};  // of the pauses between looks; 0 leaves them to the pace
  os::Duration longest{0};
  os::Duration attempt_limit = std::chrono::seconds(1);
  std::optional<os::Family> family;
  bool retry_names = false;
  std::int64_t process = 0;  // whose death ends the wait; 0 for none
};

}  // namespace portend::wait
