/* SPDX-License-Identifier: MIT */
/* A program with large thread-local variables. The C library puts them on the stack of each thread,
 * including the threads that look up names. */
#include <string.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"

static _Thread_local char large[300 * 1024];

/* It does not matter whether the name exists: a thread has looked it up. */
static void names_are_looked_up(void** state) {
  (void)state;
  memset(large, 1, sizeof large);
  const portend_status status = portend_occupied("portend-test.invalid", 80, 200);
  assert_true(status == PORTEND_ERR_RESOLVE || status == PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), "resolve");
  assert_true(comes_to(live_threads, 1, generous_ms / 1000));
  assert_int_equal(large[sizeof large - 1], 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {forked(names_are_looked_up)};
  return cmocka_run_group_tests_name("large thread-local variables", tests, NULL, NULL);
}
