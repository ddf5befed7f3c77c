/* SPDX-License-Identifier: MIT */
/* Runs parts of a test in their own process. */
#ifndef PORTEND_TEST_SUPPORT_CHILD_H
#define PORTEND_TEST_SUPPORT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "support/test.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tests, as tidy() makes them, that run in a child. The child of alone() has its own network namespace,
 * with nothing but lo; if that is refused, the test is skipped. quiet() is for a test that only wants
 * ports that other programs do not use: if a namespace is refused, the test runs without one. */
#define forked(test) isolated_test(test, shared_network)
#define quiet(test) isolated_test(test, quiet_network)
#define alone(test) isolated_test(test, own_network)

#define isolated_test(test, network) \
  ((struct CMUnitTest){#test, run_isolated, begin_test, end_test, &(struct isolated_test){test, network}})

struct isolated_test {
  void (*body)(void**);
  enum { shared_network, quiet_network, own_network } network;
};

void run_isolated(void** state);

/* Runs body(context) in a forked child, which may use assertions. The test fails or is skipped if the
 * child is. Entries of at_end() stay with the parent. */
void in_child(void (*body)(void*), void* context);

/* Does the same, and returns the exit status of the child as a shell does. */
int status_of_child(void (*body)(void*), void* context);

/* Does the same in the child's own network namespace; skips the test if that is refused. */
void in_network(void (*body)(void*), void* context);

/* in_child() in two steps. */
pid_t begin_child(void (*body)(void*), void* context);
void await_child(pid_t child);

/* Kills a child; for at_end(). */
void kill_child(void* pid);

#ifdef __cplusplus
}
#endif
#endif
