// SPDX-License-Identifier: MIT
// Metrics of watched targets, for Prometheus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "watch_history.hpp"

namespace portend::cli {

/// Formats the metrics as a text that is valid both as OpenMetrics and in the text format of node_exporter's
/// textfile collector. `probes` has a number for each target.
std::string metrics_text(const WatchHistory& history, const std::vector<std::int64_t>& probes,
                         std::int64_t now_monotonic_ns);

/// Writes a file atomically: writes a temporary file and renames it.
class MetricsFile {
 public:
  explicit MetricsFile(std::string path);

  /// Throws LibraryFailure if the file cannot be written.
  void write(const std::string& text) const;

 private:
  std::string path_;
  std::string temporary_;
};

}  // namespace portend::cli
