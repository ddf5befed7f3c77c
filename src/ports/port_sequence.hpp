// SPDX-License-Identifier: MIT
// In which order ports are tried.
#pragma once

#include <cstdint>
#include <string_view>

#include "ports/search_options.hpp"

namespace portend::ports {

/// The next number of this process: its threads share one walk. Processes begin far apart,
/// even those whose numbers are neighbors; a child that was forked begins anew. So a port that was handed out
/// a moment ago is not handed out again: by this thread, by another one, or by another process.
///
/// A position in [0, 2^32) that stands for a part of whatever range is walked, and how many
/// steps have been made from there.
struct Cursor {
  std::uint32_t start = 0;
  std::uint32_t count = 0;
};

Cursor next_cursor();

/// The port of a range that a step leads to. `stride` 2 keeps to every other port.
std::uint16_t port_at(Cursor step, Range range, std::uint32_t stride);

/// The position of a name: the same in every process, on every machine, and in every version.
std::uint32_t start_of(std::string_view name);

}  // namespace portend::ports
