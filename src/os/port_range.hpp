// SPDX-License-Identifier: MIT
// The ports that the system assigns by itself.
#pragma once

#include <cstdint>
#include <vector>

#include "os/descriptor.hpp"

namespace portend::os {

struct EphemeralPorts {
  std::uint16_t first = 49152;  // RFC 6335, section 6, if the system does not tell
  std::uint16_t last = 65535;
  std::vector<std::uint16_t> reserved;  // never assigned; sorted; may lie outside the range
};

EphemeralPorts ephemeral_ports();

/// Lets a bind to port 0 choose from a part of that range. False if the system cannot do that.
bool restrict_range(const Descriptor& socket, std::uint16_t first, std::uint16_t last) noexcept;

/// Distinguishes processes with the same ID, as in two containers that share their ports.
std::uint64_t pid_namespace() noexcept;

}  // namespace portend::os
