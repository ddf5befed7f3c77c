/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Everything that the library can do, as a list to run under a fault.
 */
#ifndef PORTEND_TESTS_FAULTS_OPERATIONS_H
#define PORTEND_TESTS_FAULTS_OPERATIONS_H

#include <portend/portend.h>

#include <stddef.h>

struct operation {
  const char* name;
  /** Runs the operation, cleans up, and returns the status of the first call that failed. */
  portend_status (*run)(void);
  /** The status without a fault. */
  portend_status expected;
  int needs_names;
  /** Lists owners, which takes milliseconds without netlink, or among many processes. */
  int lists;
};

extern const struct operation operations[];
extern const size_t operation_count;

/** Saves the text of portend_last_error before another call clears it, and returns the status. */
portend_status told(portend_status status);

/** The text of portend_last_error after the last operation. */
const char* operation_message(void);

/** Creates the sockets that the operations use. Call it once. */
void prepare_operations(void);

#endif
