/* SPDX-License-Identifier: MIT */
/* Handles of the library for tests; each is destroyed at the end of the test (support/test.h). */
#ifndef PORTEND_TEST_SUPPORT_HANDLES_H
#define PORTEND_TEST_SUPPORT_HANDLES_H

#include <portend/portend.h>

#include "support/test.h"
#include "support/ways.h"

#ifdef __cplusplus
extern "C" {
#endif

portend_waiter* new_waiter(void);
portend_finder* new_finder(void);
portend_reservation* new_reservation(portend_finder* finder);
portend_sockets* new_sockets(int first_port, int last_port, unsigned kinds);

/* These return the index of the target. */
int add_target(portend_waiter* waiter, const char* host, int port, portend_state wanted);
int watch_target(portend_waiter* waiter, const char* host, int port);

/* Returns a waiter with one target. */
portend_waiter* waiter_for(const char* host, int port, portend_state wanted);

/* Returns the reason of a port with a listener on this machine. */
static inline portend_reason reason_of_listener(void) {
  return looks_by_connecting() ? PORTEND_REASON_ACCEPTED : PORTEND_REASON_LISTENING;
}

/* Prints the message of a call that has another status. */
#define assert_status(call, wanted) assert_status_at(call, wanted, #call, __FILE__, __LINE__)

void assert_status_at(portend_status status, portend_status wanted, const char* call, const char* file,
                      int line);

#ifdef __cplusplus
}
#endif
#endif
