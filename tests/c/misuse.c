/* SPDX-License-Identifier: MIT */
/* NULL handles, and wrong indices. */
#include <limits.h>

#include "support/handles.h"
#include "support/socket.h"

#define assert_null_is_named(call)                      \
  do {                                                  \
    assert_status(call, PORTEND_ERR_INVALID);           \
    assert_contains(portend_last_error(), " is NULL."); \
  } while (0)

static void a_waiter_that_is_null_is_an_error(void** state) {
  (void)state;
  int out = 4711;
  portend_event event = {.target = 4711};
  assert_null_is_named(portend_waiter_add(NULL, "a", 1, PORTEND_STATE_FREE, &out));
  assert_null_is_named(portend_waiter_watch(NULL, "a", 1, &out));
  assert_null_is_named(portend_waiter_set_interval(NULL, 0, 0));
  assert_null_is_named(portend_waiter_set_attempt_limit(NULL, 1));
  assert_null_is_named(portend_waiter_set_family(NULL, 0));
  assert_null_is_named(portend_waiter_set_name_retry(NULL, 0));
  assert_null_is_named(portend_waiter_set_pid(NULL, 0));
  assert_null_is_named(portend_waiter_set_interrupt(NULL, NULL, NULL));
  assert_null_is_named(portend_waiter_run(NULL, PORTEND_ALL, 0));
  assert_null_is_named(portend_waiter_next(NULL, 0, &event));
  assert_null_is_named(portend_waiter_start(NULL, PORTEND_ALL, 0));
  assert_null_is_named(portend_waiter_fd(NULL, &out));
  assert_null_is_named(portend_waiter_process(NULL));
  assert_null_is_named(portend_waiter_reset(NULL));
  assert_int_equal(out, 4711);
  assert_int_equal(event.target, 4711);
}

static void assert_nothing_is_known(portend_waiter* waiter, int index) {
  assert_int_equal(portend_waiter_state(waiter, index), PORTEND_STATE_UNKNOWN);
  assert_int_equal(portend_waiter_reason(waiter, index), PORTEND_REASON_NONE);
  assert_int_equal(portend_waiter_reached(waiter, index), 0);
  assert_int_equal(portend_waiter_elapsed_us(waiter, index), 0);
  assert_int_equal(portend_waiter_probes(waiter, index), 0);
  assert_string_equal(portend_waiter_address(waiter, index), "");
  assert_string_equal(portend_waiter_explain(waiter, index), "");
}

static void questions_to_null_have_an_empty_answer(void** state) {
  (void)state;
  assert_nothing_is_known(NULL, 0);
  assert_int_equal(portend_waiter_count(NULL), 0);
  assert_string_equal(portend_waiter_message(NULL), "");
  assert_string_equal(portend_finder_message(NULL), "");
  assert_int_equal(portend_finder_errno(NULL), 0);
  assert_int_equal(portend_reservation_port(NULL), 0);
  assert_int_equal(portend_reservation_fd_count(NULL), 0);
  assert_int_equal(portend_reservation_fd(NULL, 0), -1);
  assert_string_equal(portend_reservation_explain(NULL), "");
  assert_int_equal(portend_sockets_count(NULL), 0);
  assert_int_equal(portend_sockets_kind(NULL, 0), 0);
  assert_string_equal(portend_sockets_address(NULL, 0), "");
  assert_int_equal(portend_sockets_port(NULL, 0), 0);
  assert_int_equal(portend_sockets_dual_stack(NULL, 0), 0);
  assert_string_equal(portend_sockets_peer_address(NULL, 0), "");
  assert_int_equal(portend_sockets_peer_port(NULL, 0), 0);
  assert_int_equal(portend_sockets_pid(NULL, 0), 0);
  assert_int_equal(portend_sockets_parent_pid(NULL, 0), 0);
  assert_string_equal(portend_sockets_process(NULL, 0), "");
  assert_string_equal(portend_sockets_command_line(NULL, 0), "");
  assert_string_equal(portend_sockets_user(NULL, 0), "");
  assert_int_equal(portend_sockets_remaining_ms(NULL, 0), 0);
  assert_string_equal(portend_sockets_explain(NULL, 80), "");
}

static void an_index_that_is_none_has_an_empty_answer(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
  const int indices[] = {-1, 1, 2, INT_MAX, INT_MIN};
  for (int i = 0; i < 5; ++i) assert_nothing_is_known(waiter, indices[i]);
}

static void ending_null_does_nothing(void** state) {
  (void)state;
  portend_waiter_destroy(NULL);
  portend_waiter_cancel(NULL);
  portend_finder_destroy(NULL);
  portend_reservation_destroy(NULL);
  portend_sockets_destroy(NULL);
}

static void a_finder_that_is_null_is_an_error(void** state) {
  (void)state;
  int port = 4711;
  assert_null_is_named(portend_finder_set_host(NULL, "a"));
  assert_null_is_named(portend_finder_set_family(NULL, 0));
  assert_null_is_named(portend_finder_set_range(NULL, 1, 2));
  assert_null_is_named(portend_finder_set_avoid_ephemeral(NULL, 0));
  assert_null_is_named(portend_finder_add_preferred(NULL, 1, 1));
  assert_null_is_named(portend_finder_set_only_preferred(NULL, 0));
  assert_null_is_named(portend_finder_add_excluded(NULL, 1, 1));
  assert_null_is_named(portend_finder_set_udp(NULL, 0));
  assert_null_is_named(portend_finder_set_port_server(NULL, 0));
  assert_null_is_named(portend_finder_set_from(NULL, 1));
  assert_null_is_named(portend_finder_set_name(NULL, "a"));
  assert_null_is_named(portend_finder_set_consecutive(NULL, 0));
  assert_null_is_named(portend_finder_set_browser_safe(NULL, 0));
  assert_null_is_named(portend_finder_find(NULL, &port, 1));
  assert_int_equal(port, 4711);
}

static void a_reservation_that_is_null_is_an_error(void** state) {
  (void)state;
  int seconds = 4711;
  assert_null_is_named(portend_reservation_listen(NULL, 1));
  assert_null_is_named(portend_reservation_park(NULL, &seconds));
  assert_null_is_named(portend_reservation_inherit(NULL));
  assert_null_is_named(portend_reservation_create_many(NULL, NULL, 1));
  assert_int_equal(seconds, 4711);
}

static void a_new_waiter_knows_nothing(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  assert_int_equal(portend_waiter_count(waiter), 0);
  assert_nothing_is_known(waiter, 0);
  assert_int_equal(add_target(waiter, "127.0.0.1", 1, PORTEND_STATE_FREE), 0);
  assert_int_equal(watch_target(waiter, "127.0.0.1", 1), 1);
  assert_status(portend_waiter_add(waiter, "a", 1, PORTEND_STATE_FREE, NULL), PORTEND_OK);
  assert_status(portend_waiter_watch(waiter, "a", 1, NULL), PORTEND_OK);
  assert_int_equal(portend_waiter_count(waiter), 4);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_UNKNOWN);
  assert_int_equal(portend_waiter_elapsed_us(waiter, 0), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_waiter_that_is_null_is_an_error),
      tidy(questions_to_null_have_an_empty_answer),
      tidy(an_index_that_is_none_has_an_empty_answer),
      tidy(ending_null_does_nothing),
      tidy(a_finder_that_is_null_is_an_error),
      tidy(a_reservation_that_is_null_is_an_error),
      tidy(a_new_waiter_knows_nothing),
  };
  return cmocka_run_group_tests_name("misuse", tests, NULL, NULL);
}
