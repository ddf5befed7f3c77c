/* SPDX-License-Identifier: MIT */
/* The library's handles for tests: each is ended when the test ends (support/test.h). */
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

/* These give the index of the target. */
int add_target(portend_waiter* waiter, const char* host, int port, portend_state wanted);
int watch_target(portend_waiter* waiter, const char* host, int port);

/* A waiter with one target. */
portend_waiter* waiter_for(const char* host, int port, portend_state wanted);

/* Why a port with a listener of this machine is occupied. */
static inline portend_reason reason_of_listener(void) {
  return looks_by_connecting() ? PORTEND_REASON_ACCEPTED : PORTEND_REASON_LISTENING;
}

/* Shows the message of a call that has not the status that it should have. */
#define assert_status(call, wanted) assert_status_at(call, wanted, #call, __FILE__, __LINE__)

void assert_status_at(portend_status status, portend_status wanted, const char* call, const char* file,
                      int line);

#ifdef __cplusplus
}
#endif
#endif
