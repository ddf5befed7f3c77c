// SPDX-License-Identifier: MIT
#include "capi/arguments.hpp"

#include <stdexcept>

#include "net/host.hpp"
#include "net/quote.hpp"

namespace portend::capi {

std::string host_argument(const char* host) {
  if (host == nullptr || *host == '\0') {
    throw std::invalid_argument("The host is missing: give a name or an address, such as localhost.");
  }
  if (const auto error_text = net::validate_host(host)) {
    throw std::invalid_argument("The host " + net::quoted(host) + " " + *error_text + ".");
  }
  return host;
}

std::uint16_t port_argument(int port) {
  if (port < 1 || port > 65535) {
    throw std::invalid_argument("Port " + std::to_string(port) + " is outside 1 to 65535.");
  }
  return static_cast<std::uint16_t>(port);
}

std::int64_t timeout_argument(std::int64_t timeout_ms) {
  if (timeout_ms < PORTEND_FOREVER) {
    throw std::invalid_argument("A timeout of " + std::to_string(timeout_ms) +
                                " ms: it must be 0 or more, or -1 for no limit.");
  }
  return timeout_ms;
}

std::optional<os::Duration> attempt_limit_argument(std::int64_t timeout_ms) {
  if (timeout_argument(timeout_ms) == 0) return {};
  return os::deadline({}, timeout_ms) - os::Instant();
}

std::optional<os::Family> family_argument(portend_family family) {
  switch (family) {
    case PORTEND_FAMILY_ANY:
      return {};
    case PORTEND_FAMILY_IPV4:
      return os::Family::ipv4;
    case PORTEND_FAMILY_IPV6:
      return os::Family::ipv6;
    default:
      throw std::invalid_argument("Address family " + std::to_string(family) +
                                  ": it must be any, IPv4 or IPv6.");
  }
}

bool flag_argument(int enabled) { return in_range(enabled, 0, 1, "A flag") == 1; }

void require(const void* argument, const char* name) {
  if (argument == nullptr) throw std::invalid_argument(std::string(name) + " is NULL.");
}

std::int64_t in_range(std::int64_t value, std::int64_t least, std::int64_t most, const char* name) {
  if (value < least || value > most) {
    throw std::invalid_argument(std::string(name) + " of " + std::to_string(value) + " is outside " +
                                std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return value;
}

}  // namespace portend::capi
