/* SPDX-License-Identifier: MIT */
/* What this process has open, and what it is allowed. */
#ifndef PORTEND_TEST_SUPPORT_PROCESS_H
#define PORTEND_TEST_SUPPORT_PROCESS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

int open_descriptors(void);
int live_threads(void);

/* Whether a number becomes this within so many seconds. */
bool comes_to(int (*number)(void), int expected, int seconds);

/* The soft limit of descriptors; false where the hard one is lower. */
bool allow_descriptors(int count);

/* Leaves so many descriptors beyond those that are open, by a soft limit. */
void leave_descriptors(int count);

/* For the rest of a child's life: the user nobody, without any privilege. */
void become_nobody(void);

#ifdef __cplusplus
}
#endif
#endif
