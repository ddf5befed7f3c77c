// SPDX-License-Identifier: MIT
// The table of `watch` on a terminal.
#pragma once

#include <cstddef>

#include "stop_signals.hpp"
#include "watch_history.hpp"

namespace portend::cli {

/// Draws on stdout, in place. The cursor is hidden meanwhile.
class WatchTable {
 public:
  WatchTable();
  ~WatchTable();
  WatchTable(const WatchTable&) = delete;
  WatchTable& operator=(const WatchTable&) = delete;

  void draw(const WatchHistory& history);

  /// Readable when the table has to be drawn anew: the window has another size, or the program goes on
  /// after it was stopped.
  [[nodiscard]] static int descriptor();

 private:
  std::size_t drawn_ = 0;  // lines above the cursor that are the table's
  RestoreTerminal restore_;
};

}  // namespace portend::cli
