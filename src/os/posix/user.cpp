// SPDX-License-Identifier: MIT
#include <pwd.h>
#include <unistd.h>

#include <array>

#include "os/process.hpp"

namespace portend::os {

std::string user_name(std::uint32_t user) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return std::to_string(user);
}

std::int64_t own_pid() { return ::getpid(); }

}  // namespace portend::os
