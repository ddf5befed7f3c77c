// SPDX-License-Identifier: MIT
#include "os/environment.hpp"

#include <unistd.h>

#include <cstdlib>

namespace portend::os {

const char* trusted_environment(const char* name) noexcept {
  const bool is_privileged = geteuid() != getuid() || getegid() != getgid();
  return is_privileged ? nullptr : std::getenv(name);
}

}  // namespace portend::os
