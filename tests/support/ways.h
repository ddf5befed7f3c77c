/* SPDX-License-Identifier: MIT */
/* Which mechanisms the library and the tests have in this build and environment. Expectations depend on
 * them. */
#ifndef PORTEND_TEST_SUPPORT_WAYS_H
#define PORTEND_TEST_SUPPORT_WAYS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Built with POSIX only (PORTEND_PORTABLE). */
#ifdef PORTEND_TEST_PORTABLE
enum { built_portable = true };
#else
enum { built_portable = false };
#endif
static inline bool is_portable(void) { return built_portable; }

/* Whether probes only connect, and do not read the socket table. */
static inline bool looks_by_connecting(void) {
  const char* probe = getenv("PORTEND_PROBE");
  return is_portable() || (probe != NULL && strcmp(probe, "connect") == 0);
}

/* Whether probes reach the accept queue of a server: without Linux they are not abandoned before. */
static inline bool servers_see_probes(void) { return is_portable(); }

/* All sanitizers are slow and replace malloc; some need descriptors. */
static inline bool is_sanitized(void) { return PORTEND_TEST_SANITIZERS[0] != '\0'; }
static inline bool has_sanitizer(const char* name) { return strstr(PORTEND_TEST_SANITIZERS, name) != NULL; }

#endif
