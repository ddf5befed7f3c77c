/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Everything that the library can be asked for, as a list to be gone through under a fault.
 */
#ifndef PORTEND_TESTS_FAULTS_OPERATIONS_H
#define PORTEND_TESTS_FAULTS_OPERATIONS_H

#include <portend/portend.h>

#include <stddef.h>

struct operation {
  const char* name;
  /** Asks, cleans up, and gives the status of the first call that failed. */
  portend_status (*run)(void);
  /** The status without a fault. */
  portend_status expected;
  int needs_names;
  /** It asks who listens, which takes milliseconds without netlink, and among many processes. */
  int lists;
};

extern const struct operation operations[];
extern const size_t operation_count;

/** Keeps the text of portend_last_error before another call forgets it, and returns the status. */
portend_status told(portend_status status);

/** What portend_last_error said to the last of them. */
const char* operation_sentence(void);

/** Sockets that the operations look at: to be called once. */
void prepare_operations(void);

#endif
