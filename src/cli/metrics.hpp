// SPDX-License-Identifier: MIT
// What is watched, for Prometheus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "watch_history.hpp"

namespace portend::cli {

/// The metrics in a form that is both OpenMetrics and the text format that the textfile collector of
/// Prometheus' node_exporter reads. `probes` has a number for each target.
std::string metrics_text(const WatchHistory& history, const std::vector<std::int64_t>& probes,
                         std::int64_t now_monotonic_ns);

/// A file that is never seen half-written: the text is written beside it, and renamed.
class MetricsFile {
 public:
  explicit MetricsFile(std::string path);

  /// Throws LibraryFailure if it cannot be written.
  void write(const std::string& text) const;

 private:
  std::string path_;
  std::string temporary_;
};

}  // namespace portend::cli
