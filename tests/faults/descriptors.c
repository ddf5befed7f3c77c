/* SPDX-License-Identifier: MIT */
/* No descriptor is available: for the process (EMFILE) or the machine (ENFILE), once or from some step
 * on, at each step of each call. */
#undef _GNU_SOURCE /* with it, accept(2) takes a union */
#define _DEFAULT_SOURCE
#include "operations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"

/* Functions that create descriptors, in place of those of the C library. */
static atomic_int made;
static int first_refused = -1;
static int last_refused;
static int refusal;

static int refuses(void) {
  const int number = atomic_fetch_add(&made, 1);
  if (first_refused < 0 || number < first_refused || number > last_refused) return 0;
  errno = refusal;
  return 1;
}

int socket(int domain, int type, int protocol) {
  return refuses() ? -1 : (int)syscall(SYS_socket, domain, type, protocol);
}

int epoll_create1(int flags) { return refuses() ? -1 : (int)syscall(SYS_epoll_create1, flags); }
int timerfd_create(int clock, int flags) {
  return refuses() ? -1 : (int)syscall(SYS_timerfd_create, clock, flags);
}
int eventfd(unsigned value, int flags) { return refuses() ? -1 : (int)syscall(SYS_eventfd2, value, flags); }
int pipe(int ends[2]) { return refuses() ? -1 : (int)syscall(SYS_pipe2, ends, 0); }
int accept(int fd, struct sockaddr* restrict address, socklen_t* restrict size) {
  return refuses() ? -1 : (int)syscall(SYS_accept4, fd, address, size, 0);
}

struct attempt {
  const struct operation* operation;
  int first;
  int last;
  int error;
};

/* The status must be the same as without a fault, or report the fault. */
static void check_status(const struct attempt* attempt, portend_status status) {
  char errno_text[32];
  snprintf(errno_text, sizeof errno_text, "(errno %d)", attempt->error);
  if (status == attempt->operation->expected) return;
  const char* message = operation_message();
  const int is_named =
      strstr(message, errno_text) != NULL || strstr(message, strerror(attempt->error)) != NULL;
  const int by_system = status == PORTEND_ERR_SYSTEM && is_named;
  const int by_resolver = (status == PORTEND_ERR_TIMEOUT || status == PORTEND_ERR_RESOLVE) &&
                          attempt->operation->needs_names &&
                          strstr(message, strerror(attempt->error)) != NULL;
  if (by_system || by_resolver) return;
  fprintf(stderr, "%s: %d [%s]\n", attempt->operation->name, status, message);
  _Exit(1);
}

/* After the fault everything must work again, and nothing may be left open. */
static void check_afterwards(const struct operation* operation, int open_before) {
  CHECK(operation->run() == operation->expected);
  CHECK(comes_to(live_threads, 1, 10));
  CHECK(open_descriptors() == open_before);
}

static void meet_refusals(void* context) {
  const struct attempt* attempt = context;
  const int open_before = open_descriptors();
  refusal = attempt->error;
  last_refused = attempt->last;
  atomic_store(&made, 0);
  first_refused = attempt->first;
  const portend_status status = attempt->operation->run();
  first_refused = -1;
  const int reached = atomic_load(&made) > attempt->first;
  check_status(attempt, status);
  if (live_threads() == 1) CHECK(open_descriptors() == open_before);
  check_afterwards(attempt->operation, open_before);
  if (!reached) _Exit(100);
}

/* Refuses one step after the other, until there are no more. */
static void meet_at_each_step(int lasts, int error) {
  for (size_t i = 0; i < operation_count; ++i) {
    if (operations[i].needs_names && !has_own_names()) continue;
    int outcome = 0;
    for (int step = 0; outcome == 0; ++step) {
      struct attempt attempt = {&operations[i], step, lasts ? 1 << 30 : step, error};
      outcome = status_of_child(meet_refusals, &attempt);
      if (outcome == 0 || outcome == 100) continue;
      fail_msg("%s, refused %s step %d: %d", operations[i].name, lasts ? "from" : "at", step, outcome);
    }
  }
}

static void one_descriptor_is_refused_at_any_step(void** state) {
  (void)state;
  meet_at_each_step(0, EMFILE);
}

static void descriptors_are_refused_from_any_step_on(void** state) {
  (void)state;
  meet_at_each_step(1, ENFILE);
}

/* The limit of the kernel itself, which also affects look-ups and /proc. */
static void meet_limit(void* context) {
  const struct attempt* attempt = context;
  const int open_before = open_descriptors();
  struct rlimit before;
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int lowest = fcntl(0, F_DUPFD, 0);
  close(lowest);
  const struct rlimit tight = {.rlim_cur = (rlim_t)(lowest + attempt->first), .rlim_max = before.rlim_max};
  CHECK(setrlimit(RLIMIT_NOFILE, &tight) == 0);
  const portend_status status = attempt->operation->run();
  CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
  check_status(attempt, status);
  check_afterwards(attempt->operation, open_before);
}

static void the_limit_of_the_process_leaves_few_or_none(void** state) {
  (void)state;
  for (size_t i = 0; i < operation_count; ++i) {
    if (operations[i].needs_names && !has_own_names()) continue;
    for (int left = 0; left <= 8; ++left) {
      struct attempt attempt = {&operations[i], left, 0, EMFILE};
      const int outcome = status_of_child(meet_limit, &attempt);
      if (outcome != 0) fail_msg("%s with %d descriptors left: %d", operations[i].name, left, outcome);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_descriptor_is_refused_at_any_step),
      cmocka_unit_test(descriptors_are_refused_from_any_step_on),
      cmocka_unit_test(the_limit_of_the_process_leaves_few_or_none),
  };
  isolate_program(2);
  prepare_operations();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
