/* SPDX-License-Identifier: MIT */
/* A process without a free descriptor. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

static void allow_again(void) { assert_true(allow_descriptors(1024)); }

static bool is_fitting(portend_status status, portend_status wanted) {
  if (status == wanted) return true;
  char code[32];
  snprintf(code, sizeof code, "(errno %d)", EMFILE);
  assert_status(status, PORTEND_ERR_SYSTEM);
  assert_contains(portend_last_error(), code);
  return false;
}

/* This sanitizer uses a pipe to check whether an exception is readable, and reports an error without one. */
static void skip_if_a_sanitizer_needs_descriptors(void) {
  if (has_sanitizer("undefined")) skip_because("this sanitizer needs its own descriptors");
}

struct ports {
  int closed;
  int open;
};

/* The wait reports the first descriptor that it cannot get, and leaves none open. */
static void wait_with_few_descriptors(void* context) {
  const struct ports* ports = context;
  int refusals = 0;
  for (int left = 0; left < 8; ++left) {
    leave_descriptors(left);
    portend_waiter* waiter = new_waiter();
    add_target(waiter, "localhost", ports->closed, PORTEND_STATE_OCCUPIED);
    add_target(waiter, "127.0.0.1", ports->open, PORTEND_STATE_FREE);
    const bool was_enough = is_fitting(portend_occupied("localhost", ports->closed, 20), PORTEND_ERR_TIMEOUT);
    refusals += !was_enough;
    is_fitting(portend_occupied("127.0.0.1", ports->open, 0), PORTEND_OK);
    is_fitting(portend_free("127.0.0.1", ports->open, 20), PORTEND_ERR_TIMEOUT);
    is_fitting(portend_free("127.0.0.1", ports->closed, 20), PORTEND_OK);
    is_fitting(portend_assert_free("localhost", ports->open, 0), PORTEND_ERR_NOT_FREE);
    is_fitting(portend_waiter_run(waiter, PORTEND_ALL, 20), PORTEND_ERR_TIMEOUT);
    allow_again();
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 20), PORTEND_ERR_TIMEOUT);
    assert_status(portend_occupied("localhost", ports->closed, 0), PORTEND_ERR_TIMEOUT);
  }
  assert_in_range(refusals, 1, 7);
}

static void a_wait_without_a_descriptor_reports_that_and_leaks_nothing(void** state) {
  (void)state;
  skip_if_a_sanitizer_needs_descriptors();
  struct ports ports = {closed_port(), port_of(listen_on("127.0.0.1", 0, strictly, 512))};
  in_child(wait_with_few_descriptors, &ports);
}

static void more_ports_than_descriptors_are_refused_and_leave_nothing(void** state) {
  (void)state;
  skip_if_a_sanitizer_needs_descriptors();
  portend_finder* finder = new_finder();
  for (int left = 0; left < 4; ++left) {
    int ports[100] = {4711};
    portend_reservation* reservation = NULL;
    leave_descriptors(left);
    const portend_status search = portend_finder_find(finder, ports, 100);
    const bool is_told = strstr(portend_finder_message(finder), "errno") != NULL;
    const portend_status reserving = portend_reservation_create(finder, &reservation);
    allow_again();
    assert_int_equal(search, PORTEND_ERR_SYSTEM);
    assert_true(is_told);
    assert_int_equal(ports[0], 4711);
    assert_int_equal(reserving, left == 0 ? PORTEND_ERR_SYSTEM : PORTEND_OK);
    portend_reservation_destroy(reservation);
    const int open = open_descriptors();
    assert_status(portend_finder_find(finder, ports, 100), PORTEND_OK);
    assert_int_equal(open_descriptors(), open);
  }
}

static void few_descriptors_make_a_wait_for_many_slower_only(void** state) {
  (void)state;
  make_silent_network();
  portend_waiter* waiter = new_waiter();
  assert_status(portend_waiter_set_attempt_limit(waiter, 60), PORTEND_OK);
  enum { targets = 60 };
  for (int i = 0; i < targets; ++i) add_target(waiter, "10.66.0.9", 1000 + i, PORTEND_STATE_FREE);
  leave_descriptors(12);
  /* Only some attempts can run at a time: that takes longer, and is not an error. */
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 2 * generous_ms), PORTEND_OK);
  for (int i = 0; i < targets; ++i) {
    assert_int_equal(portend_waiter_reason(waiter, i), PORTEND_REASON_SILENT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_wait_without_a_descriptor_reports_that_and_leaks_nothing),
      forked(more_ports_than_descriptors_are_refused_and_leave_nothing),
      alone(few_descriptors_make_a_wait_for_many_slower_only),
  };
  return cmocka_run_group_tests_name("no descriptor left", tests, NULL, NULL);
}
