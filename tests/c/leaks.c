/* SPDX-License-Identifier: MIT */
/* Thousands of waits of all kinds, with all outcomes. tidy() detects leaked descriptors and threads, and
 * a sanitizer detects leaked memory. */
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

enum { often = 200 }; /* a leak in each of them would be visible at the end */

static int closed;
static int open;

static int begin_with_ports(void** state) {
  if (begin_test(state) != 0) return -1;
  closed = closed_port();
  open = port_of(listen_on("127.0.0.1", 0, strictly, 4096));
  return 0;
}

static void the_simple_calls_leave_nothing(void** state) {
  (void)state;
  for (int i = 0; i < often; ++i) {
    assert_status(portend_occupied("localhost", closed, i % 3), PORTEND_ERR_TIMEOUT);
    assert_status(portend_occupied("localhost", open, i % 3), PORTEND_OK);
    assert_status(portend_free("127.0.0.1", closed, i % 3), PORTEND_OK);
    assert_status(portend_free("127.0.0.1", open, i % 3), PORTEND_ERR_TIMEOUT);
    assert_status(portend_assert_free("localhost", open, i % 3), PORTEND_ERR_NOT_FREE);
    assert_status(portend_occupied("", open, 0), PORTEND_ERR_INVALID);
  }
}

static void one_waiter_leaks_nothing_from_wait_to_wait(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "localhost", closed, PORTEND_STATE_OCCUPIED);
  add_target(waiter, "localhost", open, PORTEND_STATE_FREE);
  watch_target(waiter, "127.0.0.1", open);
  /* Long enough to sleep, for which the wait creates the cancel descriptor. */
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 200), PORTEND_ERR_TIMEOUT);
  const int descriptors = open_descriptors();
  for (int i = 0; i < often; ++i) {
    assert_status(portend_waiter_run(waiter, i % 2, i % 3), PORTEND_ERR_TIMEOUT);
    assert_int_equal(open_descriptors(), descriptors);
  }
}

static void what_a_wait_opens_is_closed_when_it_ends(void** state) {
  (void)state;
  const int before = open_descriptors();
  portend_waiter* waiter = waiter_for("localhost", closed, PORTEND_STATE_OCCUPIED);
  assert_int_equal(open_descriptors(), before);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 10), PORTEND_ERR_TIMEOUT);
  /* The cancel descriptor, or a pipe, stays. */
  const int kept = open_descriptors() - before;
  assert_in_range(kept, 0, 2);
  portend_event event;
  while (portend_waiter_next(waiter, 1, &event) == PORTEND_OK) {
  }
  /* The watch continues; with poll(2) alone it needs no descriptor for that. */
  if (!is_portable()) assert_true(open_descriptors() > before + kept);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_int_equal(open_descriptors(), before + kept);
}

static void waiters_that_are_canceled_leave_nothing(void** state) {
  (void)state;
  for (int i = 0; i < 2 * often; ++i) {
    portend_waiter* waiter = NULL;
    portend_event event;
    assert_status(portend_waiter_create(&waiter), PORTEND_OK);
    add_target(waiter, "localhost", closed, PORTEND_STATE_OCCUPIED);
    watch_target(waiter, "127.0.0.1", open);
    if (i % 4 != 0) portend_waiter_next(waiter, i % 2, &event);
    portend_waiter_cancel(waiter);
    if (i % 3 == 0) assert_status(portend_waiter_run(waiter, PORTEND_ALL, -1), PORTEND_ERR_CANCELED);
    portend_waiter_destroy(waiter);
  }
}

static void waiters_that_are_ended_under_way_leave_nothing(void** state) {
  (void)state;
  for (int i = 0; i < often; ++i) {
    portend_waiter* waiter = NULL;
    portend_event event;
    assert_status(portend_waiter_create(&waiter), PORTEND_OK);
    watch_target(waiter, "localhost", open);
    watch_target(waiter, "localhost", closed);
    if (i % 2 == 0) portend_waiter_next(waiter, 1, &event);
    if (i % 2 == 1) portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER);
    portend_waiter_destroy(waiter);
  }
}

static void finders_reservations_and_sockets_leave_nothing(void** state) {
  (void)state;
  for (int i = 0; i < often; ++i) {
    portend_finder* finder = NULL;
    portend_reservation* reservation = NULL;
    int ports[3];
    assert_status(portend_finder_create(&finder), PORTEND_OK);
    assert_status(portend_finder_set_udp(finder, i % 2), PORTEND_OK);
    assert_status(portend_finder_find(finder, ports, 3), PORTEND_OK);
    assert_status(portend_reservation_create(finder, &reservation), PORTEND_OK);
    portend_finder_destroy(finder);
    if (i % 3 == 0) assert_status(portend_reservation_listen(reservation, 1), PORTEND_OK);
    portend_reservation_destroy(reservation);
    if (i % 50 == 0) {
      portend_sockets* sockets = NULL;
      if (portend_sockets_create(open, open, PORTEND_SOCKETS_LISTENING, &sockets) == PORTEND_OK) {
        assert_string_not_equal(portend_sockets_explain(sockets, open), "");
        portend_sockets_destroy(sockets);
      }
    }
  }
}

#define with_ports(test) cmocka_unit_test_setup_teardown(test, begin_with_ports, end_test)

int main(void) {
  const struct CMUnitTest tests[] = {
      with_ports(the_simple_calls_leave_nothing),
      with_ports(one_waiter_leaks_nothing_from_wait_to_wait),
      with_ports(what_a_wait_opens_is_closed_when_it_ends),
      with_ports(waiters_that_are_canceled_leave_nothing),
      with_ports(waiters_that_are_ended_under_way_leave_nothing),
      with_ports(finders_reservations_and_sockets_leave_nothing),
  };
  return cmocka_run_group_tests_name("leaks", tests, NULL, NULL);
}
