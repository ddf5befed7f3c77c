// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace portend::cli {

struct PortRange {
  int first = 0;
  int last = 0;

  [[nodiscard]] bool is_single() const { return first == last; }
  bool operator==(const PortRange&) const = default;
};

/// Parses "8000", "8000-8100", or the name of a service such as "http" (services(5)). Throws UsageError.
PortRange parse_ports(const std::string& text);

/// Parses a single port or the name of a service.
int parse_port_or_service(const std::string& text);

}  // namespace portend::cli
