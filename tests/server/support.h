/* SPDX-License-Identifier: MIT */
/* Servers for tests, run by the library. Each is destroyed at the end of the test. */
#ifndef PORTEND_TEST_SERVER_SUPPORT_H
#define PORTEND_TEST_SERVER_SUPPORT_H

#include <portend/portend.h>
#include <sys/types.h>

#include "support/handles.h"

enum { start_ms = 20000, grace_ms = 10000, most_pids = 16 };

/* Returns a server that runs the actor (actor.c) with these words, which end with NULL. */
portend_server* new_server(const char* const* words);
#define actor(...) new_server((const char* const[]){__VA_ARGS__, NULL})

/* Returns the processes that have noted themselves so far, at most most_pids. new_server creates the
 * file. */
int noted(pid_t* pids);

/* Whether a process exists and is not a zombie. */
bool is_there(pid_t pid);

/* Waits until this many processes have noted themselves. */
void await_noted(int count);

/* Waits until all processes that have noted themselves have ended. */
void assert_all_gone(void);

/* Returns the number of children of this process, of every kind, also zombies. */
int children_left(void);

#endif
