// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace portend::ports {

/// Whether browsers load pages from the port: it is not a "bad port" of the Fetch standard.
bool is_browser_safe(std::uint16_t port);

}  // namespace portend::ports
