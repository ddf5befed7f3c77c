/* SPDX-License-Identifier: MIT */
/* A host that never answers: the test's own network drops all packets. */
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"

static const char host[] = "10.66.0.9";

static void timeout_0_takes_the_limit_of_one_attempt(void** state) {
  (void)state;
  const int network = make_silent_network();
  int64_t began = now_us();
  assert_status(portend_free(host, 80, 0), PORTEND_OK);
  assert_in_range(now_us() - began, 1000000, 1000000 + generous_ms * 1000);
  assert_in_range(answer_attempts(network, to_drop), 1, 2); /* the kernel repeats a SYN after a second */

  began = now_us();
  assert_status(portend_occupied(host, 80, 0), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 1000000, 1000000 + generous_ms * 1000);
  assert_contains(portend_last_error(), "no answer from 10.66.0.9, 1 probe");
  assert_in_range(answer_attempts(network, to_drop), 1, 2); /* the kernel repeats a SYN after a second */
}

static void a_silent_host_passes_assert_free_after_its_limit(void** state) {
  (void)state;
  make_silent_network();
  for (int i = 0; i < 200; ++i) {
    const int64_t began = now_us();
    assert_status(portend_assert_free(host, 80, 1), PORTEND_OK);
    assert_in_range(now_us() - began, 1000, generous_ms * 1000);
  }
}

static void the_limit_of_an_attempt_may_be_set(void** state) {
  (void)state;
  make_silent_network();
  portend_waiter* waiter = waiter_for(host, 80, PORTEND_STATE_FREE);
  assert_status(portend_waiter_set_attempt_limit(waiter, 40), PORTEND_OK);
  const int64_t timeouts[] = {0, generous_ms, PORTEND_FOREVER};
  for (int i = 0; i < 3; ++i) {
    const int64_t began = now_us();
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, timeouts[i]), PORTEND_OK);
    assert_in_range(now_us() - began, 40000, generous_ms * 1000);
    assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_SILENT);
    assert_string_equal(portend_waiter_address(waiter, 0), host);
    assert_true(portend_waiter_elapsed_us(waiter, 0) >= 40000);
  }
}

static void before_the_limit_nothing_is_known(void** state) {
  (void)state;
  make_silent_network();
  portend_waiter* waiter = waiter_for(host, 80, PORTEND_STATE_OCCUPIED);
  add_target(waiter, host, 81, PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(portend_waiter_state(waiter, i), PORTEND_STATE_UNKNOWN);
    assert_int_equal(portend_waiter_reason(waiter, i), PORTEND_REASON_NONE);
    assert_string_equal(portend_waiter_address(waiter, i), "");
  }
  assert_string_equal(portend_waiter_message(waiter),
                      "Port 80 not bound on 10.66.0.9. (no answer yet)\n"
                      "Port 81 not free on 10.66.0.9. (no answer yet)");
}

static void many_silent_targets_are_probed_in_turn(void** state) {
  (void)state;
  const int network = make_silent_network();
  portend_waiter* waiter = new_waiter();
  assert_status(portend_waiter_set_attempt_limit(waiter, 50), PORTEND_OK);
  enum { targets = 1500 }; /* more than the limit on attempts under way */
  for (int i = 0; i < targets; ++i) add_target(waiter, host, 1000 + i, PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  for (int i = 0; i < targets; ++i) {
    assert_int_equal(portend_waiter_reason(waiter, i), PORTEND_REASON_SILENT);
    assert_int_equal(portend_waiter_probes(waiter, i), 1);
  }
  close(network);
}

static void a_server_that_starts_answers_the_next_attempt(void** state) {
  (void)state;
  const int network = make_silent_network();
  portend_waiter* waiter = waiter_for(host, 80, PORTEND_STATE_OCCUPIED);
  portend_event event;
  for (int dropped = 0; dropped < 3;) {
    assert_status(portend_waiter_next(waiter, 10, &event), PORTEND_ERR_TIMEOUT);
    dropped += answer_attempts(network, to_drop);
  }
  portend_status status = PORTEND_ERR_TIMEOUT;
  const int64_t began = now_ms();
  while (status == PORTEND_ERR_TIMEOUT) {
    status = portend_waiter_next(waiter, 10, &event);
    answer_attempts(network, to_accept);
  }
  assert_status(status, PORTEND_OK);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_int_equal(event.state, PORTEND_STATE_OCCUPIED);
  assert_int_equal(event.reason, PORTEND_REASON_ACCEPTED);
  assert_string_equal(event.address, host);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(timeout_0_takes_the_limit_of_one_attempt),
      alone(a_silent_host_passes_assert_free_after_its_limit),
      alone(the_limit_of_an_attempt_may_be_set),
      alone(before_the_limit_nothing_is_known),
      alone(many_silent_targets_are_probed_in_turn),
      alone(a_server_that_starts_answers_the_next_attempt),
  };
  return cmocka_run_group_tests_name("silence", tests, NULL, NULL);
}
