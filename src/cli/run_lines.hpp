// SPDX-License-Identifier: MIT
// Parses the servers of `run`, which have the form of lines in a Procfile.
#pragma once

#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

struct ServerLine {
  std::string name;
  std::string command;      // for a shell
  std::string variable;     // "WEB_PORT"
  int preferred_port = 0;   // 0 for none
  bool takes_port = false;  // the command uses $PORT or its own variable
  bool any_owner = false;   // a listener of another process counts
  bool reserved = true;     // the port stays reserved while it runs
};

/// Returns the servers of -s and -f, with the ports of --port. Throws UsageError.
std::vector<ServerLine> server_lines(const RunOptions& options);

}  // namespace portend::cli
