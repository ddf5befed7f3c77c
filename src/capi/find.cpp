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

std::string host_or_machine(const char* host) { return host == nullptr ? "" : capi::host_argument(host); }

template <class Body>
portend_status set_option(portend_finder* finder, Body&& body) noexcept {
  return capi::with_handle(finder, [&](portend_finder& self) {
    body(self.options);
    return PORTEND_OK;
  });
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
  return set_option(finder, [&](ports::SearchOptions& options) {
    const ports::Range range{capi::port_argument(first), capi::port_argument(last)};
    if (range.first > range.last) {
      throw std::invalid_argument("A range from " + std::to_string(first) + " to " + std::to_string(last) +
                                  " is empty: the first port must not be above the last.");
    }
    options.range = range;
  });
}

portend_status portend_finder_avoid_ephemeral(portend_finder* finder, int enabled) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { options.avoid_ephemeral = capi::flag_argument(enabled); });
}

portend_status portend_finder_prefer(portend_finder* finder, int port) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { options.preferred.push_back(capi::port_argument(port)); });
}

portend_status portend_finder_only_preferred(portend_finder* finder, int enabled) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { options.only_preferred = capi::flag_argument(enabled); });
}

portend_status portend_finder_exclude(portend_finder* finder, int port) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { options.excluded.insert(capi::port_argument(port)); });
}

portend_status portend_finder_set_udp(portend_finder* finder, int enabled) noexcept {
  return set_option(finder,
                    [&](ports::SearchOptions& options) { options.udp = capi::flag_argument(enabled); });
}

portend_status portend_finder_use_port_server(portend_finder* finder, int enabled) noexcept {
  return set_option(
      finder, [&](ports::SearchOptions& options) { options.ask_port_server = capi::flag_argument(enabled); });
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
