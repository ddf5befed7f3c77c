/* SPDX-License-Identifier: MIT */
/* Each call of the library to the C library fails once: at its first, second, ... time, with each error
 * of its manual page, or with a shorter result. Then the status must be a documented one with a message,
 * nothing may be left open, and the next call must work. */
#include "operations.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/network.h"
#include "support/process.h"
#include "support/ways.h"

/* Only one of this many faults is tried; with PORTEND_FULL ten times as many. */
enum { sample = 30, full_sample = 3 };

static int is_full(void) { return getenv("PORTEND_FULL") != NULL; }

struct fault {
  const struct operation* operation;
  int function;
  long call;
  int error;
};

static struct {
  long number; /* of all faults, to take a sample */
  long tried;
  long failed; /* how many of them the caller noticed */
  long wrong;
} * counts;

static int is_name(const struct fault* fault, const char* function) {
  return strcmp(shim_functions[fault->function].name, function) == 0;
}

/* By connecting, what these return is an answer about the port or the families of the machine, and not a
 * failure. */
static int is_an_answer(const struct fault* fault) {
  static const char* const answers[] = {"connect", "getsockopt", "poll", "socket"};
  for (size_t i = 0; i < sizeof answers / sizeof *answers; ++i) {
    if (is_name(fault, answers[i])) return looks_by_connecting();
  }
  return 0;
}

/* A wait that gets a false answer may last to its deadline, of 20 s. */
static int64_t longest_ms(const struct fault* fault) { return (is_an_answer(fault) ? 3 : 2) * generous_ms; }

/* Whether the fault makes a false statement about the network: that nothing listens, or that a port is
 * taken. */
static int is_a_lie(const struct fault* fault, portend_status status) {
  const int on_ports = is_name(fault, "bind") || is_name(fault, "listen") || is_name(fault, "connect");
  if (status == PORTEND_ERR_NO_PORT) return on_ports || is_name(fault, "socket");
  if (status == PORTEND_ERR_RESOLVE) return is_name(fault, "getaddrinfo") || fault->operation->needs_names;
  if (status == PORTEND_ERR_NOT_FREE) return is_an_answer(fault);
  if (status == PORTEND_ERR_GONE)
    return strcmp(fault->operation->name, "run_server") == 0; /* the fault may affect its supervisor */
  return status == PORTEND_ERR_UNSUPPORTED || status == PORTEND_ERR_TIMEOUT;
}

static int is_documented(const struct fault* fault, portend_status status) {
  if (status == fault->operation->expected) return 1;
  ++counts->failed;
  if (status == PORTEND_OK) return is_an_answer(fault);
  if (operation_message()[0] == '\0') return 0;
  if (status == PORTEND_ERR_SYSTEM && strstr(operation_message(), strerror(fault->error)) != NULL) return 1;
  if (status == PORTEND_ERR_SYSTEM) return strstr(operation_message(), "(errno ") != NULL;
  return status == PORTEND_ERR_NO_MEMORY || is_a_lie(fault, status);
}

static void report(const struct fault* fault, const char* what, portend_status status) {
  fprintf(stderr, "%s, call %ld of %s fails with %d: %s, status %d [%s]\n", fault->operation->name,
          fault->call, shim_functions[fault->function].name, fault->error, what, status, operation_message());
  ++counts->wrong;
}

static void meet(const struct fault* fault) {
  CHECK(comes_to(live_threads, 1, 10)); /* of the previous call */
  const int open_before = open_descriptors();
  const int64_t began = now_ms();
  shim_arm(fault->function, fault->call, fault->error);
  const portend_status status = fault->operation->run();
  if (!shim_disarm()) return;
  ++counts->tried;
  if (!is_documented(fault, status)) report(fault, "not documented", status);
  if (now_ms() - began > longest_ms(fault)) report(fault, "too late", status);
  if (!comes_to(live_threads, 1, 10)) report(fault, "threads are left", status);
  if (open_descriptors() != open_before) report(fault, "descriptors are left", status);
  const portend_status again = fault->operation->run();
  if (again != fault->operation->expected) report(fault, "the next call fails", again);
}

static int is_chosen(void) { return counts->number++ % (is_full() ? full_sample : sample) == 0; }

/* Calls that a wait repeats in each iteration need not fail every time. */
enum { most_calls = 40 };

static void meet_all_of_function(const struct operation* operation, int function) {
  shim_arm(-1, 0, 0);
  operation->run();
  shim_disarm();
  const long calls = shim_calls(function) < most_calls ? shim_calls(function) : most_calls;
  for (long call = 0; call < calls; ++call) {
    for (const int* error = shim_functions[function].errors; *error != 0; ++error) {
      const struct fault fault = {operation, function, call, *error};
      if (is_chosen()) meet(&fault);
    }
  }
}

static void meet_all(void* operation) {
  alarm(600);
  const struct operation* self = operation;
  for (int i = 0; i < 2; ++i) CHECK(self->run() == self->expected);
  for (int function = 0; function < shim_function_count; ++function) meet_all_of_function(self, function);
}

static void any_single_call_may_fail(void** state) {
  (void)state;
  for (size_t i = 0; i < operation_count; ++i) {
    if (operations[i].needs_names && !has_own_names()) continue;
    const int outcome = status_of_child(meet_all, (void*)&operations[i]);
    if (outcome != 0) ++counts->wrong;
    if (outcome != 0) fprintf(stderr, "%s: ended with %d\n", operations[i].name, outcome);
  }
  printf("%ld faults were tried; %ld of them were a failure to the caller\n", counts->tried, counts->failed);
  assert_int_equal(counts->wrong, 0);
  assert_true(counts->tried >= (is_full() ? 1000 : 100));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(any_single_call_may_fail)};
  isolate_program(2);
  counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(counts != MAP_FAILED);
  prepare_operations();
  return cmocka_run_group_tests_name("system calls that fail", tests, NULL, NULL);
}
