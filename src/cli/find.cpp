// SPDX-License-Identifier: MIT
// portend find
#include <string>
#include <vector>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "finder_options.hpp"
#include "output.hpp"
#include "print_error.hpp"

namespace portend::cli {

int find(const FindOptions& options) {
  const auto finder = make_finder(options);
  std::vector<int> ports(parse_count(options.count));
  check(portend_finder_find(finder.get(), ports.data(), ports.size()));
  if (options.json) {
    print_json(ports);
  } else {
    std::string lines;
    for (const int port : ports) lines += std::to_string(port) + "\n";
    print(lines);
  }
  return exit_success;
}

}  // namespace portend::cli
