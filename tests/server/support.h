/* SPDX-License-Identifier: MIT */
/* Servers for tests, run by the library: each is destroyed when the test ends. */
#ifndef PORTEND_TEST_SERVER_SUPPORT_H
#define PORTEND_TEST_SERVER_SUPPORT_H

#include <portend/portend.h>
#include <sys/types.h>

#include "support/handles.h"

enum { start_ms = 20000, grace_ms = 10000, most_pids = 16 };

/* A server that runs the actor (actor.c) with these words, and NULL behind them. */
portend_server* new_server(const char* const* words);
#define actor(...) new_server((const char* const[]){__VA_ARGS__, NULL})

/* The processes that have noted themselves so far, at most most_pids; the file is made by new_server. */
int noted(pid_t* pids);

/* Whether a process is there, and no zombie. */
bool is_there(pid_t pid);

/* Waits until as many as that have noted themselves. */
void await_noted(int count);

/* Waits until all that have noted themselves are gone. */
void assert_all_gone(void);

/* How many children of this process there are, of every kind, also zombies. */
int children_left(void);

#endif
