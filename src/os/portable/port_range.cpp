// SPDX-License-Identifier: MIT
#include "os/port_range.hpp"

namespace portend::os {

EphemeralPorts ephemeral_ports() { return {}; }
bool restrict_range(const Descriptor&, std::uint16_t, std::uint16_t) noexcept { return false; }
std::uint64_t pid_namespace() noexcept { return 0; }

}  // namespace portend::os
