// SPDX-License-Identifier: MIT
// The options of a server.
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
  std::vector<std::string> command;  // "{port}" is replaced by the port, here and in `environment`
  std::map<std::string, std::optional<std::string>> environment;  // changes; nullopt removes a variable
  std::string directory;
  std::string name;  // for messages; empty: the name of the program

  std::uint16_t fixed_port = 0;  // 0: a port is found and reserved
  ports::SearchOptions search;
  bool reserved = true;    // the port stays reserved while the program runs
  bool any_port = false;   // any port that the server listens on counts
  bool any_owner = false;  // a listener of another process counts

  std::string output_path;
  std::optional<os::Descriptor> output;
  std::string output_prefix;

  std::chrono::milliseconds grace = std::chrono::seconds(10);  // between TERM and KILL

  [[nodiscard]] std::string shown_name() const;
};

}  // namespace portend::server
