// SPDX-License-Identifier: MIT
// The servers of `run`, as lines of a Procfile have them.
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
  bool any_owner = false;   // a listener of another process will do
  bool reserved = true;     // the port stays reserved while it runs
};

/// All servers of -s and -f, with the ports of --port. Throws UsageError.
std::vector<ServerLine> server_lines(const RunOptions& options);

}  // namespace portend::cli
