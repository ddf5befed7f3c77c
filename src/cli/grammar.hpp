// SPDX-License-Identifier: MIT
// The grammar of the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"

namespace portend::cli {

enum class Verb : std::uint8_t { wait, watch, find, reserve, run, who, kill };

struct CommandLine {
  Verb verb = Verb::wait;
  std::optional<std::string> answer;  // help or version, to print instead
  WaitOptions wait;
  WatchOptions watch;
  FindOptions find;  // also for reserve
  RunOptions run;
  WhoOptions who;
  KillOptions kill;
};

/// Parses the arguments. Throws UsageError.
CommandLine parse(std::vector<std::string> arguments);

}  // namespace portend::cli
