/* SPDX-License-Identifier: MIT */
/* Which means the library has in this build and with this environment, as far as a promise
 * depends on them. */
#ifndef PORTEND_TEST_SUPPORT_WAYS_H
#define PORTEND_TEST_SUPPORT_WAYS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Built with nothing but POSIX (PORTEND_PORTABLE). */
static inline bool is_portable(void) {
#ifdef PORTEND_TEST_PORTABLE
  return true;
#else
  return false;
#endif
}

/* It looks by connecting alone, and cannot ask the kernel's table. */
static inline bool looks_by_connecting(void) {
  const char* probe = getenv("PORTEND_PROBE");
  return is_portable() || (probe != NULL && strcmp(probe, "connect") == 0);
}

#endif
