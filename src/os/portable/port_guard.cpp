// SPDX-License-Identifier: MIT
// POSIX guarantees only the addresses of the interfaces.
#include "os/port_guard.hpp"

namespace portend::os {

const Ip& guard_address(Family family) noexcept { return family == Family::ipv4 ? any4 : any6; }
Binding bind_guard(Family, std::uint16_t, Descriptor&) { return Binding::no_address; }
bool stop_receiving(const Descriptor&) noexcept { return false; }

}  // namespace portend::os
