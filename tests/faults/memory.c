/* SPDX-License-Identifier: MIT */
/* Memory runs out at each allocation of each call, in turn. */
#include "operations.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocator.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"

struct attempt {
  const struct operation* operation;
  long first;
  long last;
};

static void check_status(const struct operation* operation, portend_status status) {
  const char* message = operation_message();
  if (status == operation->expected || status == PORTEND_ERR_NO_MEMORY) return;
  /* A resolver, and a thread for it, have their own messages for that. */
  const int of_thread =
      status == PORTEND_ERR_SYSTEM && (message[0] == '\0' || strstr(message, "thread") != NULL);
  const int of_resolver =
      status == PORTEND_ERR_TIMEOUT || (status == PORTEND_ERR_RESOLVE && strstr(message, "memory") != NULL);
  if (operation->needs_names && (of_thread || of_resolver)) return;
  fprintf(stderr, "%s: %d [%s]\n", operation->name, status, message);
  _Exit(1);
}

/* After this, the texts of the thread have their full size. */
static void fill_kept_texts(void) {
  char host[PORTEND_HOST_SIZE];
  portend_waiter* waiter = NULL;
  memset(host, 'x', sizeof host);
  host[sizeof host - 1] = '\0';
  CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
  CHECK(portend_waiter_add(waiter, "two words", 80, PORTEND_STATE_FREE, NULL) == PORTEND_ERR_INVALID);
  CHECK(portend_waiter_add(waiter, host, 80, PORTEND_STATE_FREE, NULL) == PORTEND_OK);
  CHECK(strlen(portend_waiter_explain(waiter, 0)) > 255);
  portend_waiter_destroy(waiter);
  CHECK(portend_parse_target(host, host, sizeof host, NULL) == PORTEND_ERR_INVALID);
  CHECK(strlen(portend_last_error()) > 0);
}

/* Counts allocations that remain after the fault. Only repeated ones are leaks: stacks of threads, for
 * example, are kept for later. */
static long meet_and_count(const struct attempt* attempt, int* reached) {
  const int open_before = open_descriptors();
  const long live_before = live_allocations();
  begin_refusing(attempt->first, attempt->last);
  const portend_status status = attempt->operation->run();
  *reached = end_refusing();
  check_status(attempt->operation, status);
  CHECK(attempt->operation->run() == attempt->operation->expected);
  CHECK(comes_to(live_threads, 1, 10));
  CHECK(open_descriptors() == open_before);
  return live_allocations() - live_before;
}

/* Meets each step in one process that has done everything before. Memory becomes available again after
 * the step, or not. */
static void meet_all_steps(const struct operation* operation, int comes_back) {
  fill_kept_texts();
  for (int i = 0; i < 3; ++i) CHECK(operation->run() == operation->expected);
  CHECK(comes_to(live_threads, 1, 10));
  int reached = 1;
  for (long step = 0; reached; ++step) {
    const struct attempt attempt = {operation, step, comes_back ? step : LONG_MAX};
    long left = 1;
    for (int i = 0; i < 5 && left > 0; ++i) left = meet_and_count(&attempt, &reached);
    if (left <= 0) continue;
    fprintf(stderr, "%s, refused %ld: %ld allocations are left\n", operation->name, step, left);
    _Exit(1);
  }
}

static void meet_single_refusals(void* operation) { meet_all_steps(operation, 1); }
static void meet_lasting_refusals(void* operation) { meet_all_steps(operation, 0); }

static int is_left_out(const struct operation* operation) {
  const int takes_long = getenv("PORTEND_PROBE") != NULL || !has_own_names();
  return (operation->needs_names && !has_own_names()) || (operation->lists && takes_long);
}

static void each_operation(void (*body)(void*)) {
  for (size_t i = 0; i < operation_count; ++i) {
    if (is_left_out(&operations[i])) continue;
    const int outcome = status_of_child(body, (void*)&operations[i]);
    if (outcome != 0) fail_msg("%s: %d", operations[i].name, outcome);
  }
}

static void any_single_allocation_may_fail(void** state) {
  (void)state;
  each_operation(meet_single_refusals);
}

static void memory_may_be_out_from_any_allocation_on(void** state) {
  (void)state;
  each_operation(meet_lasting_refusals);
}

static void* meet_in_thread(void* context) {
  const struct attempt* attempt = context;
  begin_refusing(attempt->first, attempt->last);
  const portend_status status = attempt->operation->run();
  end_refusing();
  check_status(attempt->operation, status);
  CHECK(attempt->operation->run() == attempt->operation->expected);
  return NULL;
}

/* In a new process or thread, which has not set anything up yet. */
static void meet_at_first_call(void* operation) {
  for (long step = 0; step < 8; ++step) {
    struct attempt attempt = {operation, step, LONG_MAX};
    pthread_t thread;
    if (step == 0) meet_in_thread(&attempt);
    CHECK(pthread_create(&thread, NULL, meet_in_thread, &attempt) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
  }
}

static void memory_may_be_out_at_the_first_call_of_a_thread(void** state) {
  (void)state;
  each_operation(meet_at_first_call);
}

static void a_resolver_without_memory_is_asked_again(void** state) {
  (void)state;
  if (!has_own_names()) skip_because("its own names are refused here");
  const int busy = port_of(listening_socket());
  refuse_look_up();
  CHECK(portend_occupied("known.test", busy, 20000) == PORTEND_OK);
  CHECK(!look_up_is_to_be_refused());
}

int main(void) {
  prepare_allocator();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_single_allocation_may_fail),
      cmocka_unit_test(memory_may_be_out_from_any_allocation_on),
      cmocka_unit_test(memory_may_be_out_at_the_first_call_of_a_thread),
      forked(a_resolver_without_memory_is_asked_again),
  };
  isolate_program(2);
  if (getenv("PORTEND_PROBE") != NULL || !has_own_names()) {
    printf(
        "skipped: lists of owners, which take long by connecting, or among all processes of the machine\n");
  }
  prepare_operations();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
