// SPDX-License-Identifier: MIT
// portend find
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "complain.hpp"
#include "exit_codes.hpp"
#include "wishes.hpp"

namespace portend::cli {

int find(const FindOptions& options) {
  const auto finder = make_finder(options);
  std::vector<int> ports(count_of(options));
  check(portend_finder_find(finder.get(), ports.data(), ports.size()));
  if (options.json) {
    std::printf("%s\n", nlohmann::json(ports).dump().c_str());
  } else {
    for (const int port : ports) std::printf("%d\n", port);
  }
  return exit_success;
}

}  // namespace portend::cli
