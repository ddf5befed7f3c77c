// SPDX-License-Identifier: MIT
#include "wishes.hpp"

#include "complain.hpp"

namespace portend::cli {

Finder make_finder(const FindOptions& options) {
  portend_finder* made = nullptr;
  check(portend_finder_create(&made));
  Finder finder(made);
  if (!options.host.empty()) check(portend_finder_set_host(made, options.host.c_str()));
  if (!options.range.empty()) {
    const auto [first, last] = parse_range(options.range);
    check(portend_finder_set_range(made, first, last));
  }
  for (const auto& port : options.preferred) check(portend_finder_prefer(made, parse_port(port)));
  for (const auto& ports : options.excluded) {
    const auto [first, last] = parse_range(ports);
    for (int port = first; port <= last; ++port) check(portend_finder_exclude(made, port));
  }
  const auto family = options.ipv4   ? PORTEND_FAMILY_IPV4
                      : options.ipv6 ? PORTEND_FAMILY_IPV6
                                     : PORTEND_FAMILY_ANY;
  check(portend_finder_set_family(made, family));
  check(portend_finder_set_udp(made, options.udp ? 1 : 0));
  check(portend_finder_only_preferred(made, options.only_preferred ? 1 : 0));
  check(portend_finder_avoid_ephemeral(made, options.avoid_ephemeral ? 1 : 0));
  check(portend_finder_use_port_server(made, options.no_port_server ? 0 : 1));
  return finder;
}

std::size_t count_of(const FindOptions& options) {
  if (options.count < 1 || options.count > 65535) throw UsageError("-n takes a number from 1 to 65535.");
  return static_cast<std::size_t>(options.count);
}

}  // namespace portend::cli
