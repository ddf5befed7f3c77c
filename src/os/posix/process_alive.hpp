// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace portend::os {

/// Whether a process exists and is not a zombie, if this process may know. Does not reap a child.
bool process_alive(std::int64_t pid);

}  // namespace portend::os
