/* SPDX-License-Identifier: MIT */
/* Resources and privileges of this process. */
#ifndef PORTEND_TEST_SUPPORT_PROCESS_H
#define PORTEND_TEST_SUPPORT_PROCESS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

int open_descriptors(void);
int live_threads(void);

/* Whether a function returns this number within so many seconds. */
bool comes_to(int (*number)(void), int expected, int seconds);

/* Sets the soft limit on descriptors; false if the hard limit is lower. */
bool allow_descriptors(int count);

/* Sets the soft limit so that this many descriptors remain. */
void leave_descriptors(int count);

/* Makes a child the user nobody, without privileges, for the rest of its life. */
void become_nobody(void);

#ifdef __cplusplus
}
#endif
#endif
