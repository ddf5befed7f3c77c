// SPDX-License-Identifier: MIT
#include "portend/find.h"

#include <algorithm>

#include "capi/arguments.hpp"
#include "capi/finder.hpp"
#include "capi/guard.hpp"
#include "ports/search.hpp"

using namespace portend;

namespace {

constexpr std::int64_t most_ports = 65535;

/// Returns the whole machine for "*", which snapshots show for listeners on all addresses.
std::string host_or_machine(const char* host) {
  auto name = host == nullptr ? std::string() : capi::host_argument(host);
  return name == "*" ? "" : name;
}

ports::Range range_argument(int first, int last) {
  const ports::Range range{capi::port_argument(first), capi::port_argument(last)};
  if (range.first > range.last) {
    throw std::invalid_argument("A range from " + std::to_string(first) + " to " + std::to_string(last) +
                                " is empty: the first port must not be above the last.");
  }
  return range;
}

/// Joins ports that are added one by one to one range.
void add(std::vector<ports::Range>& ranges, ports::Range range) {
  if (!ranges.empty() && ranges.back().last + 1 == range.first) {
    ranges.back().last = range.last;
  } else {
    ranges.push_back(range);
  }
}

template <class Body>
portend_status set_option(portend_finder* finder, Body&& body) noexcept {
  return capi::with_handle(finder, [&](portend_finder& self) {
    body(self.options);
    return PORTEND_OK;
  });
}

portend_status set_flag(portend_finder* finder, bool ports::SearchOptions::*flag, int enabled) noexcept {
  return set_option(finder,
                    [&](ports::SearchOptions& options) { options.*flag = capi::flag_argument(enabled); });
}

}  // namespace

portend_status portend_find_port(const char* host, int* port_out) noexcept {
  return capi::guard([&] {
    capi::require(port_out, "The out-parameter for the port");
    ports::SearchOptions options;
    options.host = host_or_machine(host);
    *port_out = capi::found([&] { return ports::find(options, 1).front(); });
    return PORTEND_OK;
  });
}

portend_status portend_finder_create(portend_finder** finder_out) noexcept {
  return capi::guard([&] {
    capi::require(finder_out, "The out-parameter for the finder");
    *finder_out = new portend_finder;
    return PORTEND_OK;
  });
}

void portend_finder_destroy(portend_finder* finder) noexcept {
  const os::CancelShield shield;
  delete finder;
}

portend_status portend_finder_set_host(portend_finder* finder, const char* host) noexcept {
  return set_option(finder, [&](ports::SearchOptions& options) { options.host = host_or_machine(host); });
}

portend_status portend_finder_set_family(portend_finder* finder, portend_family family) noexcept {
  return set_option(finder,
                    [&](ports::SearchOptions& options) { options.family = capi::family_argument(family); });
}

portend_status portend_finder_set_range(portend_finder* finder, int first, int last) noexcept {
  return set_option(finder,
                    [&](ports::SearchOptions& options) { options.range = range_argument(first, last); });
}

portend_status portend_finder_set_from(portend_finder* finder, int first) noexcept {
  return set_option(finder, [&](ports::SearchOptions& options) {
    options.from = capi::port_argument(first);
    options.name.reset();
  });
}

portend_status portend_finder_set_name(portend_finder* finder, const char* name) noexcept {
  return set_option(finder, [&](ports::SearchOptions& options) {
    capi::require(name, "The name");
    if (*name == '\0') throw std::invalid_argument("The name is empty: give one, such as that of a project.");
    options.name = name;
    options.from.reset();
  });
}

portend_status portend_finder_set_consecutive(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::consecutive, enabled);
}

portend_status portend_finder_set_browser_safe(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::browser_safe, enabled);
}

portend_status portend_finder_set_avoid_ephemeral(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::avoid_ephemeral, enabled);
}

portend_status portend_finder_set_only_preferred(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::only_preferred, enabled);
}

portend_status portend_finder_set_udp(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::udp, enabled);
}

portend_status portend_finder_set_port_server(portend_finder* finder, int enabled) noexcept {
  return set_flag(finder, &ports::SearchOptions::ask_port_server, enabled);
}

portend_status portend_finder_add_preferred(portend_finder* finder, int first, int last) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { add(options.preferred, range_argument(first, last)); });
}

portend_status portend_finder_add_excluded(portend_finder* finder, int first, int last) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { add(options.excluded, range_argument(first, last)); });
}

portend_status portend_finder_find(portend_finder* finder, int* ports_out, size_t count) noexcept {
  return capi::with_handle(finder, [&](portend_finder& self) {
    capi::require(ports_out, "The out-parameter for the ports");
    capi::in_range(static_cast<std::int64_t>(std::min<size_t>(count, INT32_MAX)), 1, most_ports,
                   "A number of ports");
    const auto found = capi::found([&] { return ports::find(self.options, count); });
    std::ranges::copy(found, ports_out);
    return PORTEND_OK;
  });
}

const char* portend_finder_message(portend_finder* finder) noexcept { return capi::message_of(finder); }

int portend_finder_errno(portend_finder* finder) noexcept { return capi::errno_of(finder); }
