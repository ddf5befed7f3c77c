/* SPDX-License-Identifier: MIT */
#include <portend/wait.h>

#include <stdio.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static void assert_found(const char* listening_on, int options, const char* const* hosts) {
  const int port = port_of(listen_on(listening_on, 0, options, 8));
  for (; *hosts != NULL; ++hosts) {
    assert_status(portend_occupied(*hosts, port, 0), PORTEND_OK);
    assert_status(portend_occupied(*hosts, port, 1000), PORTEND_OK);
    assert_status(portend_occupied(*hosts, port, PORTEND_FOREVER), PORTEND_OK);
    assert_string_equal(portend_last_error(), "");
  }
}

static void an_ipv4_listener_is_found_by_address_name_and_wildcard(void** state) {
  (void)state;
  const char* const hosts[] = {"127.0.0.1",  "0.0.0.0",      "localhost",        "LocalHost",
                               "localhost.", "a.localhost.", "::ffff:127.0.0.1", NULL};
  assert_found("127.0.0.1", strictly, hosts);
  assert_found("0.0.0.0", strictly, hosts);
}

static void an_ipv6_listener_is_found_by_address_name_and_wildcard(void** state) {
  (void)state;
  const char* const hosts[] = {"::1", "::", "::0", "::0.0.0.0", "0:0:0:0:0:0:0:1", "localhost", NULL};
  assert_found("::1", strictly, hosts);
  assert_found("::", strictly, hosts);
}

static void a_dual_stack_listener_is_found_on_both_families(void** state) {
  (void)state;
  const char* const hosts[] = {"127.0.0.1", "::1", "0.0.0.0", "::", "localhost", "127.0.0.2", NULL};
  assert_found("::", dual_stack, hosts);
}

static void a_listener_on_another_address_is_not_found(void** state) {
  (void)state;
  const int port = port_of(listen_on("127.0.0.2", 0, strictly, 8));
  assert_status(portend_occupied("127.0.0.2", port, 0), PORTEND_OK);
  assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_ERR_TIMEOUT);
  assert_status(portend_occupied("::1", port, 50), PORTEND_ERR_TIMEOUT);
}

static void a_closed_port_is_probed_once_with_timeout_0(void** state) {
  (void)state;
  const int port = closed_port();
  const int64_t began = now_ms();
  char message[80];
  assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_ms() - began, 0, generous_ms);
  snprintf(message, sizeof message, "Port %d not bound on 127.0.0.1. (refused by 127.0.0.1, %s)", port,
           looks_by_connecting() ? "1 probe" : "2 probes");
  assert_string_equal(portend_last_error(), message);
}

static void a_wait_for_a_closed_port_ends_at_the_deadline(void** state) {
  (void)state;
  const int port = closed_port();
  const int64_t began = now_us();
  char beginning[80];
  assert_status(portend_occupied("localhost", port, 150), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 150000, 150000 + generous_ms * 1000);
  snprintf(beginning, sizeof beginning, "Port %d not bound on localhost. (refused by ", port);
  assert_begins(portend_last_error(), beginning);
  assert_contains(portend_last_error(), " probes)");
}

static void the_shortest_timeout_is_kept_too(void** state) {
  (void)state;
  const int port = closed_port();
  for (int i = 0; i < 20; ++i) {
    const int64_t began = now_us();
    assert_status(portend_occupied("127.0.0.1", port, 1), PORTEND_ERR_TIMEOUT);
    assert_in_range(now_us() - began, 1000, generous_ms * 1000);
  }
}

static void await_late_server(const char* address, int options, const char* host, int64_t timeout_ms) {
  const int port = closed_port();
  const struct server server = start_server(address, port, options);
  const int64_t began = now_ns();
  server_will_listen(&server, 120);
  assert_status(portend_occupied(host, port, timeout_ms), PORTEND_OK);
  const int64_t noticed = now_ns();
  assert_true(noticed - began >= 120 * 1000000LL);
  assert_true(noticed - server_done_ns(&server) < generous_ms * 1000000LL);
}

static void a_server_that_starts_late_is_awaited_forever(void** state) {
  (void)state;
  await_late_server("127.0.0.1", strictly, "127.0.0.1", PORTEND_FOREVER);
  await_late_server("::1", strictly, "::1", PORTEND_FOREVER);
}

static void a_server_that_starts_before_the_deadline_is_awaited(void** state) {
  (void)state;
  await_late_server("0.0.0.0", strictly, "127.0.0.1", INT64_MAX);
  await_late_server("::", dual_stack, "127.0.0.1", generous_ms * 2);
}

static void a_server_may_come_on_either_address_of_localhost(void** state) {
  (void)state;
  await_late_server("127.0.0.1", strictly, "localhost", PORTEND_FOREVER);
  await_late_server("::1", strictly, "localhost", PORTEND_FOREVER);
}

static void a_server_that_starts_again_is_found_again(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  for (int i = 0; i < 3; ++i) {
    server_listens(&server);
    assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_OK);
    server_closes(&server);
    assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_ERR_TIMEOUT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(an_ipv4_listener_is_found_by_address_name_and_wildcard),
      tidy(an_ipv6_listener_is_found_by_address_name_and_wildcard),
      tidy(a_dual_stack_listener_is_found_on_both_families),
      tidy(a_listener_on_another_address_is_not_found),
      tidy(a_closed_port_is_probed_once_with_timeout_0),
      tidy(a_wait_for_a_closed_port_ends_at_the_deadline),
      tidy(the_shortest_timeout_is_kept_too),
      tidy(a_server_that_starts_late_is_awaited_forever),
      tidy(a_server_that_starts_before_the_deadline_is_awaited),
      tidy(a_server_may_come_on_either_address_of_localhost),
      tidy(a_server_that_starts_again_is_found_again),
  };
  return cmocka_run_group_tests_name("portend_occupied", tests, NULL, NULL);
}
