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
      return "not done yet";
    case PORTEND_ERR_TIMEOUT:
      return "the state did not come before the deadline";
    case PORTEND_ERR_NOT_FREE:
      return "the port is in use";
    case PORTEND_ERR_INVALID:
      return "an argument is out of range, or a handle is used wrongly";
    case PORTEND_ERR_RESOLVE:
      return "the host has no address";
    case PORTEND_ERR_NO_PORT:
      return "no port fits what was asked for";
    case PORTEND_ERR_CANCELED:
      return "cancelled";
    case PORTEND_ERR_SYSTEM:
      return "the system refused";
    case PORTEND_ERR_NO_MEMORY:
      return "out of memory";
    case PORTEND_ERR_INTERNAL:
      return "a bug in portend";
    case PORTEND_ERR_GONE:
      return "the process has died";
    case PORTEND_ERR_UNSUPPORTED:
      return "this system cannot do it";
    default:
      return "unknown status";
  }
}
