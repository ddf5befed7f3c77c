// SPDX-License-Identifier: MIT
// The ports that the system itself hands out.
#pragma once

#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"

namespace portend::os {

struct EphemeralPorts {
  std::uint16_t first = 49152;  // RFC 6335, section 6, where the system does not tell
  std::uint16_t last = 65535;
  std::vector<std::uint16_t> reserved;  // never handed out, sorted; they may lie outside
};

EphemeralPorts ephemeral_ports();

/// Lets a bind to port 0 choose from a part of that range; false where the system cannot.
bool restrict_range(const Descriptor& socket, std::uint16_t first, std::uint16_t last) noexcept;

/// Tells processes apart that have the same number, as in two containers that share their
/// ports.
std::uint64_t pid_namespace() noexcept;

}  // namespace portend::os
