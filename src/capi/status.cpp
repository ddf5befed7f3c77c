// SPDX-License-Identifier: MIT
#include "portend/status.h"

#define PORTEND_TEXT_OF(number) #number
#define PORTEND_TEXT(number) PORTEND_TEXT_OF(number)

const char* portend_version() noexcept {
  return PORTEND_TEXT(PORTEND_VERSION_MAJOR) "." PORTEND_TEXT(PORTEND_VERSION_MINOR) "." PORTEND_TEXT(
      PORTEND_VERSION_PATCH);
}

const char* portend_strerror(portend_status status) noexcept {
  switch (status) {
    case PORTEND_OK:
      return "success";
    case PORTEND_PENDING:
      return "not finished yet";
    case PORTEND_DONE:
      return "all targets have reached their states";
    case PORTEND_ERR_TIMEOUT:
      return "the state was not reached before the deadline";
    case PORTEND_ERR_NOT_FREE:
      return "the port is in use";
    case PORTEND_ERR_INVALID:
      return "invalid argument or use of a handle";
    case PORTEND_ERR_RESOLVE:
      return "the host has no address";
    case PORTEND_ERR_NO_PORT:
      return "no port matches the options";
    case PORTEND_ERR_CANCELED:
      return "canceled";
    case PORTEND_ERR_SYSTEM:
      return "the system refused";
    case PORTEND_ERR_NO_MEMORY:
      return "out of memory";
    case PORTEND_ERR_INTERNAL:
      return "a bug in portend";
    case PORTEND_ERR_GONE:
      return "the process has exited";
    case PORTEND_ERR_UNSUPPORTED:
      return "this system or host does not support it";
    default:
      return "unknown status";
  }
}
