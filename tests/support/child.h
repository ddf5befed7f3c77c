/* SPDX-License-Identifier: MIT */
/* A part of a test in a process of its own. */
#ifndef PORTEND_TEST_SUPPORT_CHILD_H
#define PORTEND_TEST_SUPPORT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "support/test.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tests, as tidy() makes them, that run in a child. The child of alone() has a network namespace of
 * its own, which has nothing but lo; the test is skipped if that is refused. quiet() is for a test that
 * only wants ports that other programs do not use: if a namespace is refused, it runs without. */
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

/* Runs body(context) in a child that was forked, where assertions may be used. It fails where
 * the child failed, and is skipped where that was. What was noted by at_end() stays the parent's. */
void in_child(void (*body)(void*), void* context);

/* The same, but gives how the child ended, as a shell would say it. */
int status_of_child(void (*body)(void*), void* context);

/* The same in a network namespace of its own, or the test is skipped. */
void in_network(void (*body)(void*), void* context);

/* The two halves of in_child(). */
pid_t begin_child(void (*body)(void*), void* context);
void await_child(pid_t child);

/* Ends a child; for at_end(). */
void kill_child(void* pid);

#ifdef __cplusplus
}
#endif
#endif
