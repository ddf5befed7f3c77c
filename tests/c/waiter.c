/* SPDX-License-Identifier: MIT */
/* Many targets in one wait. */
#include <portend/waiter_options.h>

#include <stdio.h>
#include <string.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static int open_port(void) { return port_of(listen_on("127.0.0.1", 0, strictly, 256)); }

/* A server that listens 100 ms after the wait has begun, by its interrupt hook. */
static struct {
  const struct server* server;
  int64_t asked_us;
} late_start;

static int start_late(void* unused) {
  (void)unused;
  if (late_start.asked_us != 0) return 0;
  late_start.asked_us = now_us();
  server_will_listen(late_start.server, 100);
  return 0;
}

static void will_start_late(portend_waiter* waiter, const struct server* server) {
  late_start.server = server;
  late_start.asked_us = 0;
  assert_status(portend_waiter_set_interrupt(waiter, start_late, NULL), PORTEND_OK);
}

static void all_of_them_are_awaited(void** state) {
  (void)state;
  const int late_port = closed_port();
  const struct server late = start_server("127.0.0.1", late_port, strictly);
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", open_port(), PORTEND_STATE_OCCUPIED);
  add_target(waiter, "localhost", closed_port(), PORTEND_STATE_FREE);
  add_target(waiter, "127.0.0.1", late_port, PORTEND_STATE_OCCUPIED);
  will_start_late(waiter, &late);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_true(now_us() - late_start.asked_us >= 100000);
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(portend_waiter_reached(waiter, i), 1);
    assert_string_equal(portend_waiter_explain(waiter, i), "");
  }
  assert_string_equal(portend_waiter_message(waiter), "");
  assert_true(portend_waiter_elapsed_us(waiter, 0) <= portend_waiter_elapsed_us(waiter, 2));
  assert_true(portend_waiter_elapsed_us(waiter, 2) >= 100000);
}

static void each_target_counts_from_the_moment_it_is_reached(void** state) {
  (void)state;
  const int port = closed_port();
  const int late_port = closed_port();
  const struct server first = start_server("127.0.0.1", port, strictly);
  const struct server late = start_server("127.0.0.1", late_port, strictly);
  server_listens(&first);
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", late_port, PORTEND_STATE_OCCUPIED);
  server_will_close(&first, 300); /* before the other one comes */
  server_will_listen(&late, 500);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_OCCUPIED);
}

static void any_of_them_is_enough(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  for (int i = 0; i < 5; ++i) add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  const int found = add_target(waiter, "127.0.0.1", open_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, PORTEND_FOREVER), PORTEND_OK);
  for (int i = 0; i <= found; ++i) assert_int_equal(portend_waiter_reached(waiter, i), i == found);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
}

static void any_waits_for_the_first(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("::1", port, strictly);
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", open_port(), PORTEND_STATE_FREE);
  const int first = add_target(waiter, "localhost", port, PORTEND_STATE_OCCUPIED);
  const int64_t began = now_us();
  will_start_late(waiter, &server);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_reached(waiter, first), 1);
  assert_string_equal(portend_waiter_address(waiter, first), "::1");
  const int64_t took = now_us() - began;
  assert_true(took >= 100000);
  assert_in_range(portend_waiter_elapsed_us(waiter, first), 1, took);
}

static void the_message_has_a_line_for_each_missing_target(void** state) {
  (void)state;
  const int ports[] = {closed_port(), open_port(), open_port()};
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", ports[0], PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", ports[1], PORTEND_STATE_OCCUPIED);
  add_target(waiter, "localhost", ports[2], PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 30), PORTEND_ERR_TIMEOUT);

  char first[64];
  char second[64];
  snprintf(first, sizeof first, "Port %d not bound on 127.0.0.1. (refused by 127.0.0.1, ", ports[0]);
  snprintf(second, sizeof second, "\nPort %d not free on localhost. (", ports[2]);
  assert_begins(portend_waiter_message(waiter), first);
  assert_contains(portend_waiter_message(waiter), second);
  assert_begins(portend_waiter_explain(waiter, 0), first);
  assert_string_equal(portend_waiter_explain(waiter, 1), "");
  assert_begins(portend_waiter_explain(waiter, 2), second + 1);
  assert_begins(portend_last_error(), first);
}

static void a_reached_target_knows_why(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "localhost", open_port(), PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_OCCUPIED);
  assert_int_equal(portend_waiter_reason(waiter, 0), reason_of_listener());
  assert_string_equal(portend_waiter_address(waiter, 0), "127.0.0.1");
  assert_int_equal(portend_waiter_state(waiter, 1), PORTEND_STATE_FREE);
  assert_int_equal(portend_waiter_reason(waiter, 1), PORTEND_REASON_REFUSED);
  assert_string_equal(portend_waiter_address(waiter, 1), "127.0.0.1");
  for (int i = 0; i < 2; ++i) {
    assert_in_range(portend_waiter_probes(waiter, i), 1, 4);
    const int64_t elapsed = portend_waiter_elapsed_us(waiter, i);
    assert_in_range(elapsed, 0, generous_ms * 1000);
    sleep_ms(2);
    assert_int_equal(portend_waiter_elapsed_us(waiter, i), elapsed);
  }
}

static void targets_that_are_not_reached_keep_counting_time(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_int_equal(portend_waiter_elapsed_us(waiter, 0), 0);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 30), PORTEND_ERR_TIMEOUT);
  const int64_t elapsed = portend_waiter_elapsed_us(waiter, 0);
  assert_true(elapsed >= 30000);
  sleep_ms(2);
  assert_true(portend_waiter_elapsed_us(waiter, 0) > elapsed);
}

static void a_wait_may_be_repeated_and_extended(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 10), PORTEND_ERR_TIMEOUT);
    server_listens(&server);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
    server_closes(&server);
  }
  assert_int_equal(add_target(waiter, "127.0.0.1", open_port(), PORTEND_STATE_OCCUPIED), 1);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, 0), PORTEND_OK);
  assert_int_equal(portend_waiter_count(waiter), 2);
}

static void reset_makes_each_target_unknown_again(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", open_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_family(waiter, PORTEND_FAMILY_IPV4), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_int_equal(portend_waiter_count(waiter), 1);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_UNKNOWN);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_NONE);
  assert_int_equal(portend_waiter_reached(waiter, 0), 0);
  assert_int_equal(portend_waiter_probes(waiter, 0), 0);
  assert_int_equal(portend_waiter_elapsed_us(waiter, 0), 0);
  assert_string_equal(portend_waiter_address(waiter, 0), "");
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
}

static void the_same_target_may_be_wanted_in_both_states(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", port, PORTEND_STATE_FREE);
  add_target(waiter, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  server_will_listen(&server, 60);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_FREE);
  assert_int_equal(portend_waiter_state(waiter, 1), PORTEND_STATE_OCCUPIED);
}

static void a_wait_needs_a_target_that_is_wanted(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "There is no target");
  watch_target(waiter, "127.0.0.1", closed_port());
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, 0), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "only watched");
  add_target(waiter, "127.0.0.1", open_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
}

static void a_message_is_that_of_the_last_call(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_string_equal(portend_waiter_message(waiter), "");
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_waiter_message(waiter), "not bound");
  assert_status(portend_waiter_set_family(waiter, 5), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "Address family 5");
  assert_status(portend_waiter_set_family(waiter, PORTEND_FAMILY_ANY), PORTEND_OK);
  assert_string_equal(portend_waiter_message(waiter), "");
}

static int interrupt_always(void* asked) {
  ++*(int*)asked;
  return 1;
}

/* The library reuses the memory of a destroyed waiter. */
static void a_waiter_knows_nothing_of_earlier_ones(void** state) {
  (void)state;
  const int port = open_port();
  int asked = 0;
  portend_waiter* first = NULL;
  assert_status(portend_waiter_create(&first), PORTEND_OK);
  for (int i = 0; i < 3; ++i) add_target(first, "::1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_family(first, PORTEND_FAMILY_IPV6), PORTEND_OK);
  assert_status(portend_waiter_set_owner(first, 1), PORTEND_OK);
  assert_status(portend_waiter_set_pid(first, 1), PORTEND_OK);
  assert_status(portend_waiter_set_interval(first, 3600000000, 3600000000), PORTEND_OK);
  assert_status(portend_waiter_set_interrupt(first, interrupt_always, &asked), PORTEND_OK);
  assert_status(portend_waiter_run(first, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_int_equal(asked, 1);
  portend_waiter_cancel(first);
  portend_waiter_destroy(first);

  portend_waiter* second = new_waiter();
  assert_int_equal(portend_waiter_count(second), 0);
  assert_string_equal(portend_waiter_message(second), "");
  add_target(second, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_int_equal(portend_waiter_state(second, 0), PORTEND_STATE_UNKNOWN);
  assert_status(portend_waiter_run(second, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_count(second), 1);
  assert_int_equal(asked, 1);
  assert_status(portend_occupied("127.0.0.1", port, PORTEND_FOREVER), PORTEND_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(all_of_them_are_awaited),
      tidy(each_target_counts_from_the_moment_it_is_reached),
      tidy(any_of_them_is_enough),
      tidy(any_waits_for_the_first),
      tidy(the_message_has_a_line_for_each_missing_target),
      tidy(a_reached_target_knows_why),
      tidy(targets_that_are_not_reached_keep_counting_time),
      tidy(a_wait_may_be_repeated_and_extended),
      tidy(reset_makes_each_target_unknown_again),
      tidy(the_same_target_may_be_wanted_in_both_states),
      tidy(a_wait_needs_a_target_that_is_wanted),
      tidy(a_message_is_that_of_the_last_call),
      tidy(a_waiter_knows_nothing_of_earlier_ones),
  };
  return cmocka_run_group_tests_name("portend/waiter.h", tests, NULL, NULL);
}
