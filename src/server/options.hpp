// SPDX-License-Identifier: MIT
// What a caller may set for a server.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "os/descriptor.hpp"
#include "ports/search_options.hpp"

namespace portend::server {

struct Options {
  std::vector<std::string> command;  // "{port}" stands for the port, here and in the environment
  std::map<std::string, std::optional<std::string>> environment;  // changes; nothing removes a variable
  std::string directory;
  std::string name;  // for messages; that of the program if it is empty

  std::uint16_t fixed_port = 0;  // 0: one is found and kept
  ports::SearchOptions search;
  bool reserved = true;    // the port stays reserved while the program runs
  bool any_port = false;   // the first port that it listens on will do
  bool any_owner = false;  // a listener of another process will do

  std::string output_path;
  std::optional<os::Descriptor> output;
  std::string output_prefix;

  std::chrono::milliseconds grace = std::chrono::seconds(10);  // between TERM and KILL

  [[nodiscard]] std::string shown_name() const;
};

}  // namespace portend::server
