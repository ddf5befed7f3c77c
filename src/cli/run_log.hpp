// SPDX-License-Identifier: MIT
// Reports the events of servers: for people on stderr, or as lines of JSON on stdout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <portend/portend.h>

#include "run_lines.hpp"

namespace portend::cli {

class RunLog {
 public:
  RunLog(const std::vector<ServerLine>& lines, bool json, bool has_command);

  /// The beginning of each output line of a server: "web  | ", in a color on a terminal.
  [[nodiscard]] std::string prefix(std::size_t server) const;

  void started(std::size_t server, portend_server* handle) const;
  void ready(std::size_t server, portend_server* handle, std::int64_t ms) const;
  void all_ready(const std::vector<portend_server*>& handles) const;

  /// Reports that a server has ended although it was not stopped.
  void died(std::size_t server, portend_server* handle, bool show_output) const;

  /// Reports that a server has ended after it was stopped.
  void exited(std::size_t server, portend_server* handle) const;

 private:
  std::vector<std::string> names_;
  std::size_t width_ = 0;
  bool json_;
  bool has_command_;
  bool colored_;
};

}  // namespace portend::cli
