// SPDX-License-Identifier: MIT
// portend find
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "finder_options.hpp"
#include "output.hpp"
#include "print_error.hpp"

namespace portend::cli {

namespace {

std::vector<int> find_ports(const FindOptions& options) {
  const auto finder = make_finder(options);
  std::vector<int> ports(port_count(options));
  check(portend_finder_find(finder.get(), ports.data(), ports.size()));
  return ports;
}

/// Reserves all ports before parking the first, so that no port is returned twice.
std::vector<int> park_ports(const FindOptions& options) {
  std::vector<int> ports;
  for (const auto& reservation : make_reservations(options)) {
    check(portend_reservation_park(reservation.get(), nullptr));
    ports.push_back(portend_reservation_port(reservation.get()));
  }
  return ports;
}

}  // namespace

int find(const FindOptions& options) {
  const auto ports = options.park ? park_ports(options) : find_ports(options);
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
