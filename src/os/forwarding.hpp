// SPDX-License-Identifier: MIT
#pragma once

namespace portend::os {

/// Whether the kernel tracks connections in this network namespace, as it does where rules forward ports
/// (NAT). Known from what it tracks at this moment.
bool tracks_connections() noexcept;

}  // namespace portend::os
