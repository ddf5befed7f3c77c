/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What tests of faults share. A fault is prepared and met in a process of its own (in_child),
 * where a failed CHECK ends it; cmocka sees nothing but how it ended.
 */
#ifndef PORTEND_TESTS_FAULTS_SUPPORT_H
#define PORTEND_TESTS_FAULTS_SUPPORT_H

#include <portend/portend.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/** Built with nothing but POSIX (PORTEND_PORTABLE). */
#ifdef PORTEND_TEST_PORTABLE
enum { is_portable = 1 };
#else
enum { is_portable = 0 };
#endif

#ifdef WITHOUT_LIBRARY
#define LAST_ERROR ""
#else
#define LAST_ERROR portend_last_error()
#endif

/** Ends the process where the condition does not hold. */
#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      fprintf(stderr, "%s:%d: %s [%s]\n", __FILE__, __LINE__, #condition, LAST_ERROR); \
      _Exit(1);                                                                        \
    }                                                                                  \
  } while (0)

/** Ends the program as skipped (77) where it is not root's. */
void require_root(const char* why);

/** How a child ended that ran the body: 0, or what a shell would say. It may take a minute. */
int in_child(void (*body)(void*), void* context);

/** Sockets on 127.0.0.1 that hold a port: one is refused, the other listens. */
int bound_socket(void);
int listening_socket(void);
int port_of(int fd);

/** The body of a thread that lets a socket listen in a moment. */
void* listen_soon(void* fd);

int64_t now_ms(void);
void sleep_ms(int ms);
int open_descriptors(void);
int threads_here(void);

/** Whether a number comes down to this within so many seconds. */
int comes_to(int (*number)(void), int expected, int seconds);

/**
 * Processes, network and resolver of this program alone: known.test is 127.0.0.1, and every
 * other name is asked of a server that never answers, for so many seconds.
 */
void own_world(int resolver_seconds);

#endif
