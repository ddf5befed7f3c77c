// SPDX-License-Identifier: MIT
// The order in which ports are tried.
#pragma once

#include <cstdint>
#include <string_view>

#include "ports/search_options.hpp"

namespace portend::ports {

/// Returns the next position of this process. The threads of a process share one sequence, processes start
/// far apart, and a forked child starts anew. So a port that was just returned is not returned again soon, by
/// any thread or process.
///
/// A cursor is a start in [0, 2^32), which is scaled to the range, and the number of steps from there.
struct Cursor {
  std::uint32_t start = 0;
  std::uint32_t count = 0;
};

Cursor next_cursor();

/// Returns the port of a range at a cursor. With `stride` 2, only every other port is used.
std::uint16_t port_at(Cursor step, Range range, std::uint32_t stride);

/// Returns the start of a name: the same in every process, on every machine, and in every version.
std::uint32_t start_of(std::string_view name);

}  // namespace portend::ports
