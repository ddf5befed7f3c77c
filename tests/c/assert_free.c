/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static void a_closed_port_passes(void** state) {
  (void)state;
  const int port = closed_port();
  const int64_t timeouts[] = {0, 1, 1000, PORTEND_FOREVER, INT64_MAX};
  for (int i = 0; i < 5; ++i) {
    assert_status(portend_assert_free("localhost", port, timeouts[i]), PORTEND_OK);
    assert_status(portend_assert_free("127.0.0.1", port, timeouts[i]), PORTEND_OK);
    assert_string_equal(portend_last_error(), "");
  }
}

static void assert_in_use(const char* host, int port, const char* address) {
  char beginning[80];
  snprintf(beginning, sizeof beginning, "Port %d is in use on %s. (", port, address);
  const int64_t timeouts[] = {0, 1000, PORTEND_FOREVER};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_assert_free(host, port, timeouts[i]), PORTEND_ERR_NOT_FREE);
    assert_begins(portend_last_error(), beginning);
    assert_string_equal(strrchr(portend_last_error(), ')'), ")");
  }
}

static void a_listener_is_named_by_its_address(void** state) {
  (void)state;
  const int v4 = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  assert_in_use("127.0.0.1", v4, "127.0.0.1");
  assert_in_use("0.0.0.0", v4, "127.0.0.1");
  const int v6 = port_of(listen_on("::1", 0, strictly, 64));
  assert_in_use("::1", v6, "::1");
  assert_in_use("::", v6, "::1");
}

static void every_address_of_the_host_is_probed(void** state) {
  (void)state;
  assert_in_use("localhost", port_of(listen_on("127.0.0.1", 0, strictly, 64)), "127.0.0.1");
  assert_in_use("localhost", port_of(listen_on("::1", 0, strictly, 64)), "::1");
}

static void a_server_that_is_about_to_leave_is_not_awaited(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  server_listens(&server);
  const int64_t began = now_ms();
  assert_status(portend_assert_free("127.0.0.1", port, PORTEND_FOREVER), PORTEND_ERR_NOT_FREE);
  assert_in_range(now_ms() - began, 0, generous_ms);
  server_closes(&server);
  assert_status(portend_assert_free("127.0.0.1", port, 0), PORTEND_OK);
}

static void what_is_wanted_of_a_target_does_not_matter(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "localhost", closed_port(), PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_assert_free(waiter, 0), PORTEND_OK);
  add_target(waiter, "127.0.0.1", port_of(listen_on("127.0.0.1", 0, strictly, 64)), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_assert_free(waiter, 0), PORTEND_ERR_NOT_FREE);
}

static void watched_targets_are_also_probed(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_watch(waiter, "127.0.0.1", closed_port(), NULL), PORTEND_OK);
  assert_status(portend_waiter_assert_free(waiter, 0), PORTEND_OK);
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 64));
  assert_status(portend_waiter_watch(waiter, "127.0.0.1", port, NULL), PORTEND_OK);
  assert_status(portend_waiter_assert_free(waiter, 0), PORTEND_ERR_NOT_FREE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_closed_port_passes),
      tidy(a_listener_is_named_by_its_address),
      tidy(every_address_of_the_host_is_probed),
      tidy(a_server_that_is_about_to_leave_is_not_awaited),
      tidy(what_is_wanted_of_a_target_does_not_matter),
      tidy(watched_targets_are_also_probed),
  };
  return cmocka_run_group_tests_name("portend_assert_free", tests, NULL, NULL);
}
