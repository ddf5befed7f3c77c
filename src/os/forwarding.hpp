// SPDX-License-Identifier: MIT
#pragma once

namespace portend::os {

/// Whether the kernel tracks connections in this network namespace. It does if rules forward ports (NAT). The
/// answer is derived from the connections that are tracked at this moment.
bool tracks_connections() noexcept;

}  // namespace portend::os
