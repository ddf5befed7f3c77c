/* SPDX-License-Identifier: MIT */
/* Invalid arguments: hosts, ports and timeouts, and the messages about them. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "support/handles.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef portend_status (*call)(const char* host, int port, int64_t timeout_ms);

static portend_waiter* waiter; /* of the current test */
static int index_out;

static portend_status add(const char* host, int port, int64_t timeout_ms) {
  (void)timeout_ms;
  return portend_waiter_add(waiter, host, port, PORTEND_STATE_FREE, &index_out);
}

static portend_status watch(const char* host, int port, int64_t timeout_ms) {
  (void)timeout_ms;
  return portend_waiter_watch(waiter, host, port, &index_out);
}

static const call calls[] = {portend_occupied, portend_free, portend_assert_free, add, watch};
static const call waits[] = {portend_occupied, portend_free, portend_assert_free};

static char overlong[PORTEND_HOST_SIZE + 1];

static const struct {
  const char* host;
  const char* problem;
} hosts[] = {
    {NULL, "The host is missing"},
    {"", "The host is missing"},
    {" ", "The host ' ' contains a space or a control character."},
    {"local host", "The host 'local host' contains a space or a control character."},
    {"localhost ", "The host 'localhost ' contains a space"},
    {"localhost\n", "The host 'localhost?' contains a space or a control character."},
    {"local\x1bhost", "The host 'local?host' contains a space or a control character."},
    {"local\x7fhost", "The host 'local?host' contains a space or a control character."},
    {"local\xc2\x9bhost", "The host 'local?host' contains a space or a control character."},
    {"local\xff", "The host 'local?' is not UTF-8."},
    {"\xc3", "The host '?' is not UTF-8."},
    {overlong, "is longer than 255 bytes."},
};

static int new_state(void** state) {
  if (begin_test(state) != 0) return -1;
  memset(overlong, 'x', sizeof overlong - 1);
  waiter = new_waiter();
  index_out = 4711;
  return 0;
}

static void a_host_that_is_none_is_named(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(hosts); ++i) {
    for (size_t j = 0; j < COUNT(calls); ++j) {
      assert_status(calls[j](hosts[i].host, 80, 0), PORTEND_ERR_INVALID);
      assert_contains(portend_last_error(), hosts[i].problem);
    }
  }
  assert_int_equal(index_out, 4711);
  assert_int_equal(portend_waiter_count(waiter), 0);
}

static void a_host_that_is_none_is_not_put_together_nor_searched_for(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  for (size_t i = 1; i < COUNT(hosts); ++i) {
    char text[300] = "untouched";
    int port = 4711;
    assert_status(portend_format_target(hosts[i].host, 80, text, sizeof text), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), hosts[i].problem);
    assert_string_equal(text, "untouched");
    assert_status(portend_find_port(hosts[i].host, &port), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), hosts[i].problem);
    assert_int_equal(port, 4711);
    assert_status(portend_finder_set_host(finder, hosts[i].host), PORTEND_ERR_INVALID);
    assert_contains(portend_finder_message(finder), hosts[i].problem);
  }
}

static void a_long_host_is_truncated_in_the_message(void** state) {
  (void)state;
  assert_status(portend_occupied(overlong, 80, 0), PORTEND_ERR_INVALID);
  assert_in_range(strlen(portend_last_error()), 80, 160);
  assert_contains(portend_last_error(), "xxx...'");
}

static void a_port_that_is_none_is_named(void** state) {
  (void)state;
  const int ports[] = {0, -1, 65536, 70000, INT_MAX, INT_MIN};
  for (size_t i = 0; i < COUNT(ports); ++i) {
    char message[64];
    snprintf(message, sizeof message, "Port %d is outside 1 to 65535.", ports[i]);
    for (size_t j = 0; j < COUNT(calls); ++j) {
      assert_status(calls[j]("127.0.0.1", ports[i], 0), PORTEND_ERR_INVALID);
      assert_string_equal(portend_last_error(), message);
    }
  }
  assert_int_equal(index_out, 4711);
}

static void a_timeout_below_forever_is_named(void** state) {
  (void)state;
  const int64_t timeouts[] = {-2, -1000, INT64_MIN};
  for (size_t i = 0; i < COUNT(timeouts); ++i) {
    char part[64];
    snprintf(part, sizeof part, "A timeout of %lld ms", (long long)timeouts[i]);
    for (size_t j = 0; j < COUNT(waits); ++j) {
      assert_status(waits[j]("127.0.0.1", 80, timeouts[i]), PORTEND_ERR_INVALID);
      assert_begins(portend_last_error(), part);
    }
    add_target(waiter, "127.0.0.1", 80, PORTEND_STATE_FREE);
    portend_event event = {.target = 4711};
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, timeouts[i]), PORTEND_ERR_INVALID);
    assert_begins(portend_waiter_message(waiter), part);
    assert_status(portend_waiter_next(waiter, timeouts[i], &event), PORTEND_ERR_INVALID);
    assert_begins(portend_waiter_message(waiter), part);
    assert_status(portend_waiter_start(waiter, PORTEND_ALL, timeouts[i]), PORTEND_ERR_INVALID);
    assert_begins(portend_waiter_message(waiter), part);
    assert_int_equal(event.target, 4711);
  }
}

static void a_wrong_argument_is_reported_before_any_probe(void** state) {
  (void)state;
  add_target(waiter, "127.0.0.1", 80, PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, -2), PORTEND_ERR_INVALID);
  assert_status(portend_waiter_run(waiter, 2, 0), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "A mode of 2");
  assert_status(portend_waiter_start(waiter, -1, 0), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "A mode of -1");
  assert_int_equal(portend_waiter_probes(waiter, 0), 0);
}

static void a_state_that_cannot_be_wanted_is_named(void** state) {
  (void)state;
  const portend_state wanted[] = {PORTEND_STATE_UNKNOWN, 5, -1, INT_MAX};
  for (size_t i = 0; i < COUNT(wanted); ++i) {
    char part[64];
    snprintf(part, sizeof part, "A wanted state of %d", wanted[i]);
    assert_status(portend_waiter_add(waiter, "127.0.0.1", 80, wanted[i], &index_out), PORTEND_ERR_INVALID);
    assert_begins(portend_last_error(), part);
  }
  assert_int_equal(index_out, 4711);
}

static void room_that_is_null_is_an_error(void** state) {
  (void)state;
  add_target(waiter, "127.0.0.1", 80, PORTEND_STATE_FREE);
  portend_finder* finder = new_finder();
  assert_status(portend_waiter_create(NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "waiter is NULL");
  assert_status(portend_finder_create(NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "finder is NULL");
  assert_status(portend_find_port(NULL, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "port is NULL");
  assert_status(portend_finder_find(finder, NULL, 1), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "ports is NULL");
  assert_status(portend_reservation_create(NULL, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "reservation is NULL");
  assert_status(portend_reservation_create(finder, NULL), PORTEND_ERR_INVALID);
  assert_status(portend_sockets_create(1, 65535, PORTEND_SOCKETS_LISTENING, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "sockets is NULL");
  assert_status(portend_waiter_next(waiter, 0, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "event is NULL");
  assert_status(portend_waiter_fd(waiter, NULL), PORTEND_ERR_INVALID);
}

#define with_waiter(test) cmocka_unit_test_setup_teardown(test, new_state, end_test)

int main(void) {
  const struct CMUnitTest tests[] = {
      with_waiter(a_host_that_is_none_is_named),
      with_waiter(a_host_that_is_none_is_not_put_together_nor_searched_for),
      with_waiter(a_long_host_is_truncated_in_the_message),
      with_waiter(a_port_that_is_none_is_named),
      with_waiter(a_timeout_below_forever_is_named),
      with_waiter(a_wrong_argument_is_reported_before_any_probe),
      with_waiter(a_state_that_cannot_be_wanted_is_named),
      with_waiter(room_that_is_null_is_an_error),
  };
  return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
