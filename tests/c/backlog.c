/* SPDX-License-Identifier: MIT */
/* A listener with a full accept queue still counts as occupied. */
#include <stdio.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/socket.h"

static int full_listener(const char* address) {
  const int listener = listen_on(address, 0, strictly, 1);
  fill_queue(listener, address);
  return listener;
}

static void a_full_accept_queue_is_occupied_and_not_free(void** state) {
  (void)state;
  const char* const addresses[] = {"127.0.0.1", "::1"};
  for (int i = 0; i < 2; ++i) {
    const int port = port_of(full_listener(addresses[i]));
    assert_status(portend_occupied(addresses[i], port, 0), PORTEND_OK);
    assert_status(portend_occupied(addresses[i], port, PORTEND_FOREVER), PORTEND_OK);
    assert_status(portend_occupied("localhost", port, PORTEND_FOREVER), PORTEND_OK);
    assert_status(portend_free(addresses[i], port, 0), PORTEND_ERR_TIMEOUT);
    assert_status(portend_free("localhost", port, 100), PORTEND_ERR_TIMEOUT);
    assert_status(portend_assert_free(addresses[i], port, 50), PORTEND_ERR_NOT_FREE);
  }
}

static void a_full_accept_queue_is_the_reason(void** state) {
  (void)state;
  const int port = port_of(full_listener("127.0.0.1"));
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_BACKLOG_FULL);
  assert_string_equal(portend_waiter_address(waiter, 0), "127.0.0.1");
  assert_status(portend_free("127.0.0.1", port, 60), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), ", its accept queue is full)");
}

static void a_queue_that_empties_stays_occupied(void** state) {
  (void)state;
  const int listener = full_listener("127.0.0.1");
  portend_waiter* waiter = waiter_for("127.0.0.1", port_of(listener), PORTEND_STATE_FREE);
  portend_event event;
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  assert_int_equal(event.state, PORTEND_STATE_OCCUPIED);
  assert_int_equal(event.reason, PORTEND_REASON_BACKLOG_FULL);
  assert_true(drain_queue(listener) > 0);
  assert_status(portend_waiter_next(waiter, 400, &event), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_OCCUPIED);
}

static void a_full_listener_that_closes_is_free(void** state) {
  (void)state;
  const int listener = full_listener("127.0.0.1");
  const int port = port_of(listener);
  assert_status(portend_free("127.0.0.1", port, 40), PORTEND_ERR_TIMEOUT);
  release(listener);
  assert_status(portend_free("127.0.0.1", port, generous_ms), PORTEND_OK);
}

static void a_port_that_is_only_bound_is_not_taken_for_a_full_one(void** state) {
  (void)state;
  const int port = closed_port();
  portend_waiter* waiter = waiter_for("localhost", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_REFUSED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_full_accept_queue_is_occupied_and_not_free),
      tidy(a_full_accept_queue_is_the_reason),
      tidy(a_queue_that_empties_stays_occupied),
      tidy(a_full_listener_that_closes_is_free),
      tidy(a_port_that_is_only_bound_is_not_taken_for_a_full_one),
  };
  return cmocka_run_group_tests_name("full accept queue", tests, NULL, NULL);
}
