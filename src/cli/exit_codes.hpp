// SPDX-License-Identifier: MIT
// Exit codes of the program.
#pragma once

#include <portend/portend.h>

namespace portend::cli {

inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;  // the state was not reached, or no port was found
inline constexpr int exit_usage = 2;
inline constexpr int exit_unresolved = 3;
inline constexpr int exit_refused_by_system = 4;
inline constexpr int exit_cannot_execute = 126;  // as in a shell
inline constexpr int exit_no_such_command = 127;
inline constexpr int exit_by_signal = 128;  // plus the number of the signal

inline int exit_code(portend_status status) {
  switch (status) {
    case PORTEND_OK:
      return exit_success;
    case PORTEND_ERR_INVALID:
      return exit_usage;
    case PORTEND_ERR_RESOLVE:
      return exit_unresolved;
    case PORTEND_ERR_TIMEOUT:
    case PORTEND_ERR_NOT_FREE:
    case PORTEND_ERR_NO_PORT:
    case PORTEND_ERR_GONE:
    case PORTEND_ERR_CANCELED:
      return exit_failure;
    default:
      return exit_refused_by_system;
  }
}

}  // namespace portend::cli
