// SPDX-License-Identifier: MIT
#include "os/environment.hpp"

#include <cstdlib>

namespace portend::os {

const char* trusted_environment(const char* name) noexcept { return secure_getenv(name); }

}  // namespace portend::os
