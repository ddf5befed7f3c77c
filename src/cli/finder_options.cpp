// SPDX-License-Identifier: MIT
#include "finder_options.hpp"

#include "print_error.hpp"

namespace portend::cli {

Finder make_finder(const FindOptions& options) {
  if (options.only_preferred && options.preferred.empty()) {
    throw UsageError("--only-preferred needs a port to prefer: write --prefer PORT, too.");
  }
  if (options.host && options.host->starts_with('[')) {
    throw UsageError("--host takes an address without brackets, as in ::1.");
  }
  portend_finder* made = nullptr;
  check(portend_finder_create(&made));
  Finder finder(made);
  if (options.host) check(portend_finder_set_host(made, options.host->c_str()));
  if (options.range) {
    const auto [first, last] = parse_range(*options.range);
    check(portend_finder_set_range(made, first, last));
  }
  for (const auto& port : options.preferred) check(portend_finder_prefer(made, parse_port(port)));
  for (const auto& ports : options.excluded) {
    const auto [first, last] = parse_range(ports);
    for (int port = first; port <= last; ++port) check(portend_finder_exclude(made, port));
  }
  check(portend_finder_set_family(made, options.family()));
  check(portend_finder_set_udp(made, options.udp ? 1 : 0));
  check(portend_finder_only_preferred(made, options.only_preferred ? 1 : 0));
  check(portend_finder_avoid_ephemeral(made, options.avoid_ephemeral ? 1 : 0));
  check(portend_finder_use_port_server(made, options.no_port_server ? 0 : 1));
  return finder;
}

}  // namespace portend::cli
