// SPDX-License-Identifier: MIT
// The table of `watch` on a terminal.
#pragma once

#include <cstddef>

#include "stop_signals.hpp"
#include "watch_history.hpp"

namespace portend::cli {

/// Draws the table on stdout, in place. Hides the cursor meanwhile.
class WatchTable {
 public:
  WatchTable();
  ~WatchTable();
  WatchTable(const WatchTable&) = delete;
  WatchTable& operator=(const WatchTable&) = delete;

  void draw(const WatchHistory& history);

  /// A descriptor that is readable when the table must be redrawn: the window size has changed, or the
  /// program was stopped and continues.
  [[nodiscard]] static int descriptor();

 private:
  std::size_t drawn_ = 0;  // lines of the table above the cursor
  RestoreTerminal restore_;
};

}  // namespace portend::cli
