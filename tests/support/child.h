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

/* A test, as tidy() makes one, that runs in a child with a network namespace of its own, which has
 * nothing but lo. It is skipped if the namespace is refused. */
#define alone(test) apart(test, true)

/* The same for a test that only wants ports that other programs do not use at the moment: if the
 * namespace is refused it runs in the network of the machine. */
#define quiet(test) apart(test, false)

#define apart(test, needs_network)                                                  \
  {                                                                                 \
#test, run_apart, begin_test, end_test, &(struct apart) { test, needs_network } \
  }

struct apart {
  void (*test)(void**);
  bool needs_network;
};

void run_apart(void** state);

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
