/* SPDX-License-Identifier: MIT */
/* Hosts that must be looked up, in a file of hosts that the test writes. */
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static const char template[] = "/tmp/portend-test-hosts-XXXXXX";
static char hosts_file[sizeof template];

static void write_hosts(const char* text) {
  const int file = open(hosts_file, O_WRONLY | O_TRUNC | O_CLOEXEC);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, strlen(text)), strlen(text));
  close(file);
}

static void remove_hosts(void* unused) {
  (void)unused;
  unlink(hosts_file);
}

/* The first look-up of a process loads the name service. On a busy machine under valgrind, that takes longer
 * than the second that a timeout of 0 permits. */
static void load_name_service(void) {
  struct addrinfo* found = NULL;
  if (getaddrinfo("any-name", NULL, NULL, &found) == 0) freeaddrinfo(found);
}

static void begin_hosts(const char* text) {
  memcpy(hosts_file, template, sizeof template);
  const int file = mkstemp(hosts_file);
  assert_true(file >= 0);
  close(file);
  at_end(remove_hosts, NULL);
  write_hosts(text);
  use_hosts_file(hosts_file);
  load_name_service();
}

static void a_name_is_probed_on_all_its_addresses(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 both\n::1 both\n127.0.0.1 four\n::1 six\n127.0.0.2 localhost\n");
  const int port = port_of(listen_on("::1", 0, strictly, 64));
  assert_status(portend_occupied("six", port, 0), PORTEND_OK);
  assert_status(portend_occupied("both", port, 0), PORTEND_OK);
  assert_status(portend_occupied("four", port, 0), PORTEND_ERR_TIMEOUT);
  assert_status(portend_assert_free("both", port, 0), PORTEND_ERR_NOT_FREE);
  assert_contains(portend_last_error(), "in use on ::1.");
  assert_status(portend_free("both", port, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_free("four", port, 60), PORTEND_OK);
  /* localhost means both loopback addresses, regardless of the file. */
  assert_status(portend_occupied("localhost", port, 0), PORTEND_OK);
}

static void a_name_that_does_not_exist_is_reported_at_once(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 known\n");
  const int64_t timeouts[] = {0, 1000, PORTEND_FOREVER};
  for (int i = 0; i < 3; ++i) {
    const int64_t began = now_ms();
    assert_status(portend_occupied("unknown", 80, timeouts[i]), PORTEND_ERR_RESOLVE);
    assert_begins(portend_last_error(), "Host unknown could not be resolved. (");
    assert_status(portend_free("unknown", 80, timeouts[i]), PORTEND_ERR_RESOLVE);
    assert_status(portend_assert_free("unknown", 80, timeouts[i]), PORTEND_ERR_RESOLVE);
    assert_in_range(now_ms() - began, 0, generous_ms);
  }
  int port = 4711;
  assert_status(portend_find_port("unknown", &port), PORTEND_ERR_RESOLVE);
  assert_begins(portend_last_error(), "Host unknown could not be resolved. (");
  assert_int_equal(port, 4711);
}

static void one_of_several_names_is_enough_for_any_and_not_for_all(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 known\n");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  portend_waiter* waiter = waiter_for("unknown", port, PORTEND_STATE_OCCUPIED);
  add_target(waiter, "known", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_RESOLVE);
  assert_begins(portend_waiter_message(waiter), "Host unknown could not be resolved. (");
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_UNRESOLVED);
  assert_contains(portend_waiter_explain(waiter, 0), "not bound on unknown. (could not resolve: ");

  /* One target is enough, so the missing address of the other one does not matter. */
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, PORTEND_FOREVER), PORTEND_OK);
  add_target(waiter, "unheard-of", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, PORTEND_FOREVER), PORTEND_OK);
  portend_waiter* hopeless = waiter_for("unknown", port, PORTEND_STATE_OCCUPIED);
  add_target(hopeless, "unheard-of", port, PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(hopeless, PORTEND_ANY, PORTEND_FOREVER), PORTEND_ERR_RESOLVE);
  assert_contains(portend_waiter_message(hopeless), "Host unknown could not be resolved. (");
  assert_contains(portend_waiter_message(hopeless), "\nHost unheard-of could not be resolved. (");
}

static void write_name(void* text) {
  sleep_ms(150);
  write_hosts(text);
}

static void a_name_that_appears_late_is_awaited_on_request(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 known\n");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  portend_waiter* waiter = waiter_for("container", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_name_retry(waiter, 1), PORTEND_OK);
  const int64_t began = now_us();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 120), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 120000, 120000 + generous_ms * 1000);
  /* On a busy machine the resolver answers later. */
  while (portend_waiter_reason(waiter, 0) != PORTEND_REASON_UNRESOLVED) {
    assert_true(now_us() - began < generous_ms * 1000);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 120), PORTEND_ERR_TIMEOUT);
  }
  assert_contains(portend_waiter_message(waiter), "not bound on container. (could not resolve: ");

  const pid_t writer = begin_child(write_name, "127.0.0.1 container\n");
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_string_equal(portend_waiter_address(waiter, 0), "127.0.0.1");
  await_child(writer);
}

static void a_name_that_moves_is_followed(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 moving\n");
  const int port = port_of(listen_on("127.0.0.2", 0, strictly, 64));
  const pid_t writer = begin_child(write_name, "127.0.0.2 moving\n");
  assert_status(portend_occupied("moving", port, PORTEND_FOREVER), PORTEND_OK);
  await_child(writer);
}

static void a_name_that_is_watched_may_come_and_go(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 known\n");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "late", port);
  portend_event event;
  const int64_t began = now_ms();
  do {
    assert_true(now_ms() - began < generous_ms);
    assert_status(portend_waiter_next(waiter, 60, &event), PORTEND_ERR_TIMEOUT);
    assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_UNKNOWN);
  } while (portend_waiter_reason(waiter, 0) != PORTEND_REASON_UNRESOLVED);
  write_hosts("127.0.0.1 late\n");
  assert_status(portend_waiter_next(waiter, PORTEND_FOREVER, &event), PORTEND_OK);
  assert_int_equal(event.state, PORTEND_STATE_OCCUPIED);
  /* A host that had an address keeps it: a failure of the resolver says nothing about a server. */
  write_hosts("127.0.0.1 known\n");
  assert_status(portend_waiter_next(waiter, 1500, &event), PORTEND_ERR_TIMEOUT);
}

static void more_names_than_threads_are_looked_up_one_after_the_other(void** state) {
  (void)state;
  enum { count = 200 };
  char text[count * 32] = "";
  for (int i = 0; i < count; ++i) {
    snprintf(text + strlen(text), sizeof text - strlen(text), "127.0.0.1 name%d\n", i);
  }
  begin_hosts(text);
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 512));
  portend_waiter* waiter = new_waiter();
  for (int i = 0; i < count; ++i) {
    char name[16];
    snprintf(name, sizeof name, "name%d", i);
    add_target(waiter, name, port, PORTEND_STATE_OCCUPIED);
  }
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  for (int i = 0; i < count; ++i) assert_string_equal(portend_waiter_address(waiter, i), "127.0.0.1");
}

static void a_look_up_that_is_left_alone_ends_by_itself(void** state) {
  (void)state;
  begin_hosts("127.0.0.1 known\n");
  const int port = closed_port();
  for (int i = 0; i < 300; ++i) {
    portend_waiter* waiter = NULL;
    assert_status(portend_waiter_create(&waiter), PORTEND_OK);
    add_target(waiter, "known", port, PORTEND_STATE_OCCUPIED);
    add_target(waiter, "unknown", port, PORTEND_STATE_OCCUPIED);
    portend_event event;
    portend_waiter_next(waiter, 0, &event);
    portend_waiter_destroy(waiter);
  }
}

/* Counts how often a wait wakes its loop in 60 ms after the result of its look-up was taken. Polls
 * without sleeping, so that the result is likely taken before the look-up thread raises the wakeup. */
static int count_wakeups(int port) {
  portend_waiter* waiter = waiter_for("known", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interval(waiter, 3600000000, 0), PORTEND_OK);
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  while (portend_waiter_probes(waiter, 0) == 0) {
    assert_status(portend_waiter_process(waiter), PORTEND_PENDING);
  }
  int wakeups = 0;
  const int64_t began = now_ms();
  while (now_ms() - began < 60) {
    struct pollfd ready = {.fd = -1, .events = POLLIN, .revents = 0};
    assert_status(portend_waiter_fd(waiter, &ready.fd), PORTEND_OK);
    if (poll(&ready, 1, 10) == 1) ++wakeups;
    assert_status(portend_waiter_process(waiter), PORTEND_PENDING);
  }
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  return wakeups;
}

static void a_finished_look_up_wakes_no_wait_any_more(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build has no pollable descriptor");
  begin_hosts("127.0.0.1 known\n");
  const int port = closed_port();
  for (int i = 0; i < 30; ++i) assert_in_range(count_wakeups(port), 0, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(a_name_is_probed_on_all_its_addresses),
      alone(a_name_that_does_not_exist_is_reported_at_once),
      alone(one_of_several_names_is_enough_for_any_and_not_for_all),
      alone(a_name_that_appears_late_is_awaited_on_request),
      alone(a_name_that_moves_is_followed),
      alone(a_name_that_is_watched_may_come_and_go),
      alone(more_names_than_threads_are_looked_up_one_after_the_other),
      alone(a_look_up_that_is_left_alone_ends_by_itself),
      alone(a_finished_look_up_wakes_no_wait_any_more),
  };
  return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
