// SPDX-License-Identifier: MIT
#include "finder_options.hpp"

#include "print_error.hpp"

namespace portend::cli {

namespace {

void refuse_what_cannot_be(const FindOptions& options) {
  if (options.only_preferred && options.preferred.empty()) {
    throw UsageError("--only-preferred needs a port to prefer: also write --prefer PORT.");
  }
  if (options.host && options.host->starts_with('[')) {
    throw UsageError("--host takes an address without brackets, as in ::1.");
  }
}

void set_ports(portend_finder* finder, const FindOptions& options) {
  if (options.range) {
    const auto [first, last] = parse_range(*options.range);
    check(portend_finder_set_range(finder, first, last));
  }
  if (options.from) check(portend_finder_set_from(finder, parse_port(*options.from)));
  if (options.name) check(portend_finder_set_name(finder, options.name->c_str()));
  for (const auto& ports : options.preferred) {
    const auto [first, last] = parse_range(ports);
    check(portend_finder_add_preferred(finder, first, last));
  }
  for (const auto& ports : options.excluded) {
    const auto [first, last] = parse_range(ports);
    check(portend_finder_add_excluded(finder, first, last));
  }
}

void set_flags(portend_finder* finder, const FindOptions& options) {
  check(portend_finder_set_consecutive(finder, options.consecutive ? 1 : 0));
  check(portend_finder_set_browser_safe(finder, options.browser_safe ? 1 : 0));
  check(portend_finder_set_udp(finder, options.udp ? 1 : 0));
  check(portend_finder_set_only_preferred(finder, options.only_preferred ? 1 : 0));
  check(portend_finder_set_avoid_ephemeral(finder, options.avoid_ephemeral ? 1 : 0));
  check(portend_finder_set_port_server(finder, options.no_port_server ? 0 : 1));
}

}  // namespace

Finder make_finder(const FindOptions& options) {
  refuse_what_cannot_be(options);
  portend_finder* made = nullptr;
  check(portend_finder_create(&made));
  Finder finder(made);
  if (options.host) check(portend_finder_set_host(made, options.host->c_str()));
  check(portend_finder_set_family(made, options.family()));
  set_ports(made, options);
  set_flags(made, options);
  return finder;
}

std::size_t port_count(const FindOptions& options) {
  if (!options.port_names.empty()) return options.port_names.size();
  return parse_count(options.count.value_or("1"));
}

std::vector<Reservation> make_reservations(const FindOptions& options) {
  const auto finder = make_finder(options);
  std::vector<portend_reservation*> made(port_count(options));
  check(portend_reservation_create_many(finder.get(), made.data(), made.size()));
  return {made.begin(), made.end()};
}

}  // namespace portend::cli
