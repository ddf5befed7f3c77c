// SPDX-License-Identifier: MIT
// Throws system errors as exceptions that keep errno.
#pragma once

#include <cerrno>
#include <system_error>

namespace portend::os {

[[noreturn]] inline void throw_system_error(int code, const char* what) {
  throw std::system_error(code, std::generic_category(), what);
}

[[noreturn]] inline void throw_system_error(const char* what) { throw_system_error(errno, what); }

}  // namespace portend::os
