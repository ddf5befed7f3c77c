/* SPDX-License-Identifier: MIT */
/* The options of a wait. */
#include <limits.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static const int64_t hour_us = 3600000000;
static const int64_t hour_ms = 3600000;

static void intervals_have_a_range(void** state) {
  (void)state;
  const struct {
    int64_t shortest;
    int64_t longest;
    portend_status status;
  } intervals[] = {
      {0, 0, PORTEND_OK},
      {50, 0, PORTEND_OK},
      {0, 50, PORTEND_OK},
      {50, 50, PORTEND_OK},
      {hour_us, 0, PORTEND_OK},
      {hour_us, hour_us, PORTEND_OK},
      {49, 0, PORTEND_ERR_INVALID},
      {0, 49, PORTEND_ERR_INVALID},
      {-1, 0, PORTEND_ERR_INVALID},
      {0, -1, PORTEND_ERR_INVALID},
      {hour_us + 1, 0, PORTEND_ERR_INVALID},
      {0, hour_us + 1, PORTEND_ERR_INVALID},
      {INT64_MIN, INT64_MAX, PORTEND_ERR_INVALID},
      {51, 50, PORTEND_ERR_INVALID},
  };
  portend_waiter* waiter = new_waiter();
  for (size_t i = 0; i < sizeof intervals / sizeof *intervals; ++i) {
    assert_status(portend_waiter_set_interval(waiter, intervals[i].shortest, intervals[i].longest),
                  intervals[i].status);
    if (intervals[i].status != PORTEND_OK) assert_contains(portend_waiter_message(waiter), "interval");
  }
}

static void the_other_settings_have_a_range_too(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  const int64_t good_limits[] = {1, 1000, hour_ms};
  const int64_t bad_limits[] = {0, -1, hour_ms + 1, INT64_MIN, INT64_MAX};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_waiter_set_attempt_limit(waiter, good_limits[i]), PORTEND_OK);
  }
  for (int i = 0; i < 5; ++i) {
    assert_status(portend_waiter_set_attempt_limit(waiter, bad_limits[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_waiter_message(waiter), "attempt limit");
  }
  const int good_families[] = {0, 4, 6};
  const int bad_families[] = {1, 2, 5, 10, -1, INT_MAX};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_waiter_set_family(waiter, good_families[i]), PORTEND_OK);
  }
  for (int i = 0; i < 6; ++i) {
    assert_status(portend_waiter_set_family(waiter, bad_families[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_waiter_message(waiter), "Address family");
  }
  const int bad_flags[] = {-1, 2, INT_MAX, INT_MIN};
  for (int i = 0; i < 2; ++i) assert_status(portend_waiter_set_name_retry(waiter, i), PORTEND_OK);
  for (int i = 0; i < 4; ++i) {
    assert_status(portend_waiter_set_name_retry(waiter, bad_flags[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_waiter_message(waiter), "flag");
  }
  const int bad_evidences[] = {-1, 3, INT_MAX};
  for (int i = 0; i < 3; ++i) assert_status(portend_waiter_set_evidence(waiter, i), PORTEND_OK);
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_waiter_set_evidence(waiter, bad_evidences[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_waiter_message(waiter), "must be auto, connection or table");
  }
  const int64_t good_pids[] = {0, 1, INT_MAX};
  const int64_t bad_pids[] = {-1, (int64_t)INT_MAX + 1, INT64_MIN, INT64_MAX};
  for (int i = 0; i < 3; ++i) assert_status(portend_waiter_set_pid(waiter, good_pids[i]), PORTEND_OK);
  for (int i = 0; i < 4; ++i) {
    assert_status(portend_waiter_set_pid(waiter, bad_pids[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_waiter_message(waiter), "process id");
  }
}

static void a_longer_interval_probes_less_often(void** state) {
  (void)state;
  portend_waiter* often = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  portend_waiter* seldom = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interval(often, 0, 1000), PORTEND_OK);
  assert_status(portend_waiter_set_interval(seldom, 100000, 0), PORTEND_OK);
  const int64_t began = now_ms();
  while (portend_waiter_probes(often, 0) < 40) {
    assert_true(now_ms() - began < generous_ms);
    assert_status(portend_waiter_run(often, PORTEND_ALL, 350), PORTEND_ERR_TIMEOUT);
  }
  assert_status(portend_waiter_run(seldom, PORTEND_ALL, 350), PORTEND_ERR_TIMEOUT);
  /* Apart from these probes, some connect to verify the socket table. */
  assert_in_range(portend_waiter_probes(seldom, 0), 3, 30);
}

static void the_longest_interval_bounds_lateness_and_not_the_deadline(void** state) {
  (void)state;
  const int port = closed_port();
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interval(waiter, hour_us, hour_us), PORTEND_OK);
  const int64_t began = now_us();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 80), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 80000, 80000 + generous_ms * 1000);
}

static void a_state_that_came_before_the_deadline_is_seen_at_it(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interval(waiter, hour_us, hour_us), PORTEND_OK);
  const int64_t began = now_ms();
  server_will_listen(&server, 100);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 1500), PORTEND_OK);
  assert_true(now_ms() - began >= 100);
}

static void one_family_may_be_left_out(void** state) {
  (void)state;
  const int v4 = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  const int v6 = port_of(listen_on("::1", 0, strictly, 64));
  const struct {
    portend_family family;
    int port;
    portend_status status;
  } looks[] = {
      {PORTEND_FAMILY_IPV4, v4, PORTEND_OK}, {PORTEND_FAMILY_IPV4, v6, PORTEND_ERR_TIMEOUT},
      {PORTEND_FAMILY_IPV6, v6, PORTEND_OK}, {PORTEND_FAMILY_IPV6, v4, PORTEND_ERR_TIMEOUT},
      {PORTEND_FAMILY_ANY, v4, PORTEND_OK},  {PORTEND_FAMILY_ANY, v6, PORTEND_OK},
  };
  for (size_t i = 0; i < sizeof looks / sizeof *looks; ++i) {
    portend_waiter* waiter = waiter_for("localhost", looks[i].port, PORTEND_STATE_OCCUPIED);
    assert_status(portend_waiter_set_family(waiter, looks[i].family), PORTEND_OK);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), looks[i].status);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 20), looks[i].status);
  }
}

static void a_host_without_an_address_of_the_family_has_none(void** state) {
  (void)state;
  const struct {
    portend_family family;
    const char* host;
  } looks[] = {{PORTEND_FAMILY_IPV4, "::1"}, {PORTEND_FAMILY_IPV6, "127.0.0.1"}};
  for (int i = 0; i < 2; ++i) {
    portend_waiter* waiter = waiter_for(looks[i].host, closed_port(), PORTEND_STATE_OCCUPIED);
    assert_status(portend_waiter_set_family(waiter, looks[i].family), PORTEND_OK);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_RESOLVE);
    assert_contains(portend_waiter_message(waiter), "no address of the requested family");
    assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_UNRESOLVED);
  }
}

static void settings_hold_for_the_next_wait_and_survive_it(void** state) {
  (void)state;
  const int v6 = port_of(listen_on("::1", 0, strictly, 64));
  portend_waiter* waiter = waiter_for("localhost", v6, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
  assert_status(portend_waiter_set_family(waiter, PORTEND_FAMILY_IPV4), PORTEND_OK);
  assert_int_equal(portend_waiter_reached(waiter, 0), 1); /* from the last wait */
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
}

static int try_to_change(void* context) {
  portend_waiter* waiter = context;
  int index = 4711;
  assert_int_equal(portend_waiter_add(waiter, "a", 1, PORTEND_STATE_FREE, &index), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_watch(waiter, "a", 1, &index), PORTEND_ERR_INVALID);
  assert_int_equal(index, 4711);
  assert_int_equal(portend_waiter_set_interval(waiter, 0, 0), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_set_attempt_limit(waiter, 1), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_set_family(waiter, 0), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_set_name_retry(waiter, 0), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_set_pid(waiter, 0), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_set_interrupt(waiter, NULL, NULL), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_count(waiter), 1);
  return 0;
}

static void nothing_is_set_while_a_wait_is_under_way(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(waiter, try_to_change, waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 20), PORTEND_ERR_TIMEOUT);

  portend_event event;
  assert_status(portend_waiter_reset(waiter), PORTEND_OK); /* drops the events of that wait */
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  try_to_change(waiter); /* the wait continues between calls: it is still under way */
  assert_contains(portend_waiter_message(waiter), "A wait is under way");
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_set_interrupt(waiter, NULL, NULL), PORTEND_OK);
  add_target(waiter, "127.0.0.1", 1, PORTEND_STATE_FREE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(intervals_have_a_range),
      tidy(the_other_settings_have_a_range_too),
      tidy(a_longer_interval_probes_less_often),
      tidy(the_longest_interval_bounds_lateness_and_not_the_deadline),
      tidy(a_state_that_came_before_the_deadline_is_seen_at_it),
      tidy(one_family_may_be_left_out),
      tidy(a_host_without_an_address_of_the_family_has_none),
      tidy(settings_hold_for_the_next_wait_and_survive_it),
      tidy(nothing_is_set_while_a_wait_is_under_way),
  };
  return cmocka_run_group_tests_name("settings of a waiter", tests, NULL, NULL);
}
