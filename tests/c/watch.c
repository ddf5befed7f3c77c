/* SPDX-License-Identifier: MIT */
/* Reports changes of state in order. */
#include <portend/watch.h>

#include <string.h>
#include <time.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static int64_t realtime_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static portend_event next_event(portend_waiter* waiter) {
  portend_event event;
  memset(&event, 0xff, sizeof event);
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  assert_int_equal(event.reserved[0], 0);
  return event;
}

static void assert_event(const portend_event* event, int target, portend_state state, const char* address) {
  assert_int_equal(event->target, target);
  assert_int_equal(event->state, state);
  assert_string_equal(event->address, address);
}

static void each_change_is_reported_once_and_in_order(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  portend_event event = next_event(waiter);
  assert_event(&event, 0, PORTEND_STATE_FREE, "127.0.0.1");
  assert_int_equal(event.reason, PORTEND_REASON_REFUSED);
  for (int i = 0; i < 4; ++i) {
    assert_status(portend_waiter_next(waiter, 30, &event), PORTEND_ERR_TIMEOUT);
    server_listens(&server);
    event = next_event(waiter);
    assert_event(&event, 0, PORTEND_STATE_OCCUPIED, "127.0.0.1");
    assert_int_equal(event.reason, reason_of_listener());
    assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_OCCUPIED);
    assert_status(portend_waiter_next(waiter, 30, &event), PORTEND_ERR_TIMEOUT);
    server_closes(&server);
    event = next_event(waiter);
    assert_event(&event, 0, PORTEND_STATE_FREE, "127.0.0.1");
    assert_int_equal(event.reason, PORTEND_REASON_REFUSED);
  }
}

static void an_event_knows_when_it_was_seen_on_both_clocks(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  int64_t began = now_ns();
  int64_t began_realtime = realtime_ns();
  for (int i = 0; i < 6; ++i) {
    const portend_event event = next_event(waiter);
    assert_in_range(event.monotonic_ns, began, now_ns());
    assert_in_range(event.realtime_ns, began_realtime, realtime_ns());
    began = now_ns();
    began_realtime = realtime_ns();
    if (i % 2 == 0) server_listens(&server);
    if (i % 2 == 1) server_closes(&server);
  }
}

static void a_change_during_the_call_is_reported(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("::1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "localhost", port);
  portend_event event = next_event(waiter);
  assert_int_equal(event.state, PORTEND_STATE_FREE);
  server_will_listen(&server, 60);
  assert_status(portend_waiter_next(waiter, PORTEND_FOREVER, &event), PORTEND_OK);
  assert_event(&event, 0, PORTEND_STATE_OCCUPIED, "::1");
  server_done_ns(&server);
  server_will_die(&server, 60);
  assert_status(portend_waiter_next(waiter, PORTEND_FOREVER, &event), PORTEND_OK);
  assert_int_equal(event.state, PORTEND_STATE_FREE);
}

static void several_targets_are_identified_by_their_index(void** state) {
  (void)state;
  enum { count = 40 };
  portend_waiter* waiter = new_waiter();
  bool told[count] = {false};
  for (int i = 0; i < count; ++i) {
    const bool open = i % 3 == 0;
    const int port = open ? port_of(listen_on("127.0.0.1", 0, strictly, 64)) : closed_port();
    assert_int_equal(watch_target(waiter, "127.0.0.1", port), i);
  }
  for (int i = 0; i < count; ++i) {
    const portend_event event = next_event(waiter);
    assert_in_range(event.target, 0, count - 1);
    assert_false(told[event.target]);
    told[event.target] = true;
    assert_int_equal(event.state, event.target % 3 == 0 ? PORTEND_STATE_OCCUPIED : PORTEND_STATE_FREE);
  }
  portend_event event;
  assert_status(portend_waiter_next(waiter, 50, &event), PORTEND_ERR_TIMEOUT);
}

static void timeout_0_takes_what_is_there(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  portend_event event = {.target = 4711};
  const int64_t began = now_ms();
  while (portend_waiter_next(waiter, 0, &event) != PORTEND_OK) assert_true(now_ms() - began < generous_ms);
  assert_int_equal(event.state, PORTEND_STATE_FREE);
  event.target = 4711;
  assert_status(portend_waiter_next(waiter, 0, &event), PORTEND_ERR_TIMEOUT);
  assert_string_equal(portend_waiter_message(waiter), "No change before the deadline.");
  assert_int_equal(event.target, 4711);
  server_listens(&server);
  while (portend_waiter_next(waiter, 0, &event) != PORTEND_OK) assert_true(now_ms() - began < generous_ms);
  assert_int_equal(event.state, PORTEND_STATE_OCCUPIED);
}

static void the_deadline_of_a_call_is_kept(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", closed_port());
  portend_event event = next_event(waiter);
  for (int i = 1; i < 100; i *= 3) {
    const int64_t began = now_us();
    assert_status(portend_waiter_next(waiter, i, &event), PORTEND_ERR_TIMEOUT);
    assert_in_range(now_us() - began, i * 1000, generous_ms * 1000);
  }
}

static void wanted_targets_make_events_and_then_the_watch_is_done(void** state) {
  (void)state;
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  portend_event event;
  next_event(waiter);
  next_event(waiter);
  assert_int_equal(portend_waiter_reached(waiter, 0), 1);
  assert_int_equal(portend_waiter_reached(waiter, 1), 1);
  for (int i = 0; i < 2; ++i) {
    assert_status(portend_waiter_next(waiter, 1500, &event), PORTEND_DONE);
    assert_string_equal(portend_waiter_message(waiter), "");
  }
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  next_event(waiter);
}

static void a_wait_does_not_wait_for_what_is_only_watched(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", closed_port());
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_reached(waiter, 0), 0);
  assert_string_equal(portend_waiter_explain(waiter, 0), "");
}

static void a_wait_keeps_its_changes_for_the_caller(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  portend_event event;
  assert_status(portend_waiter_next(waiter, 0, &event), PORTEND_OK);
  assert_event(&event, 0, PORTEND_STATE_FREE, "127.0.0.1");
  assert_status(portend_waiter_next(waiter, 0, &event), PORTEND_DONE);
}

static void a_watch_needs_a_target(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  portend_event event = {.target = 4711};
  assert_status(portend_waiter_next(waiter, 0, &event), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "There is no target");
  assert_int_equal(event.target, 4711);
}

static void quick_changes_end_in_the_last_state(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "localhost", port);
  portend_state last = PORTEND_STATE_UNKNOWN;
  portend_event event;
  for (int i = 0; i < 100; ++i) {
    if (i % 2 == 0) server_listens(&server);
    if (i % 2 == 1) server_closes(&server);
    while (portend_waiter_next(waiter, i % 7 == 0, &event) == PORTEND_OK) {
      assert_int_not_equal(event.state, last);
      last = event.state;
    }
  }
  server_listens(&server);
  const int64_t began = now_ms();
  while (portend_waiter_state(waiter, 0) != PORTEND_STATE_OCCUPIED) {
    portend_waiter_next(waiter, 100, &event);
    assert_true(now_ms() - began < generous_ms);
  }
  assert_status(portend_waiter_next(waiter, 100, &event), PORTEND_ERR_TIMEOUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(each_change_is_reported_once_and_in_order),
      tidy(an_event_knows_when_it_was_seen_on_both_clocks),
      tidy(a_change_during_the_call_is_reported),
      tidy(several_targets_are_identified_by_their_index),
      tidy(timeout_0_takes_what_is_there),
      tidy(the_deadline_of_a_call_is_kept),
      tidy(wanted_targets_make_events_and_then_the_watch_is_done),
      tidy(a_wait_does_not_wait_for_what_is_only_watched),
      tidy(a_wait_keeps_its_changes_for_the_caller),
      tidy(a_watch_needs_a_target),
      tidy(quick_changes_end_in_the_last_state),
  };
  return cmocka_run_group_tests_name("portend/watch.h", tests, NULL, NULL);
}
