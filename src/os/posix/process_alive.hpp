// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace portend::os {

/// Whether a process is there and no zombie, as far as one may ask. Takes no child's status
/// away from its parent.
bool process_alive(std::int64_t pid);

}  // namespace portend::os
