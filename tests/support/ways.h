/* SPDX-License-Identifier: MIT */
/* Which means the library and the tests have in this build and with this environment, as far as
 * a promise depends on them. */
#ifndef PORTEND_TEST_SUPPORT_WAYS_H
#define PORTEND_TEST_SUPPORT_WAYS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Built with nothing but POSIX (PORTEND_PORTABLE). */
#ifdef PORTEND_TEST_PORTABLE
enum { built_portable = true };
#else
enum { built_portable = false };
#endif
static inline bool is_portable(void) { return built_portable; }

/* It looks by connecting alone, and cannot ask the socket table. */
static inline bool looks_by_connecting(void) {
  const char* probe = getenv("PORTEND_PROBE");
  return is_portable() || (probe != NULL && strcmp(probe, "connect") == 0);
}

/* Its connections reach the accept queue of a server: without Linux they are not given up before. */
static inline bool servers_see_probes(void) { return is_portable(); }

/* Every sanitizer is slow and has a malloc of its own; some cannot do without descriptors. */
static inline bool is_sanitized(void) { return PORTEND_TEST_SANITIZERS[0] != '\0'; }
static inline bool has_sanitizer(const char* name) { return strstr(PORTEND_TEST_SANITIZERS, name) != NULL; }

#endif
