// SPDX-License-Identifier: MIT
#include "os/forwarding.hpp"

namespace portend::os {

bool tracks_connections() noexcept { return false; }

}  // namespace portend::os
