/* SPDX-License-Identifier: MIT */
/* A part of a test in a process of its own. */
#ifndef PORTEND_TEST_SUPPORT_CHILD_H
#define PORTEND_TEST_SUPPORT_CHILD_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs body(context) in a child that was forked, where assertions may be used, and fails where
 * it failed. What was noted by at_end() stays the parent's. */
void in_child(void (*body)(void*), void* context);

/* The same in a network namespace of its own, which has nothing but lo. It skips the test where
 * that is not permitted. */
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
