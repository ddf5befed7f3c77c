/* SPDX-License-Identifier: MIT */
/* Probes disturb a server as little as possible. */
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static struct server listening_server(const char* address, int options, int* port) {
  *port = closed_port();
  const struct server server = start_server(address, *port, options);
  server_listens(&server);
  return server;
}

/* A probe that the machine delays by more than 100 ms becomes a connection. */
enum { held_up = 2 };

/* Checks how many connections the server got. */
static void assert_connections(const struct server* server, int64_t least, int64_t most) {
  assert_in_range(server_connections(server), servers_see_probes() ? least : 0,
                  servers_see_probes() || most == 0 ? most : held_up);
}

static void a_live_server_gets_no_connection_while_it_is_awaited_to_leave(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("::", dual_stack, &port);
  assert_status(portend_free("127.0.0.1", port, 400), PORTEND_ERR_TIMEOUT);
  assert_status(portend_free("localhost", port, 400), PORTEND_ERR_TIMEOUT);
  assert_connections(&server, 3, 3 * 20);
}

static void a_server_gets_no_connection_until_it_has_closed(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("127.0.0.1", strictly, &port);
  server_will_close(&server, 200);
  assert_status(portend_free("localhost", port, PORTEND_FOREVER), PORTEND_OK);
  server_done_ns(&server);
  assert_connections(&server, 1, 20);
}

static void a_server_that_is_found_gets_no_connection(void** state) {
  (void)state;
  const char* const hosts[] = {"127.0.0.1", "::1", "localhost"};
  for (int i = 0; i < 3; ++i) {
    int port;
    const struct server server = listening_server("::", dual_stack, &port);
    assert_status(portend_occupied(hosts[i], port, PORTEND_FOREVER), PORTEND_OK);
    assert_connections(&server, 1, 1);
    assert_status(portend_occupied(hosts[i], port, 0), PORTEND_OK);
    assert_connections(&server, 2, 2);
  }
}

static void a_server_that_starts_late_gets_no_connection(void** state) {
  (void)state;
  for (int i = 0; i < 5; ++i) {
    const int port = closed_port();
    const struct server server = start_server("::", port, dual_stack);
    server_will_listen(&server, 10 + 13 * i);
    assert_status(portend_occupied("localhost", port, PORTEND_FOREVER), PORTEND_OK);
    server_done_ns(&server);
    assert_connections(&server, 1, 1);
  }
}

static void no_connection_comes_after_a_target_is_reached(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("127.0.0.1", strictly, &port);
  portend_waiter* waiter = waiter_for("localhost", port, PORTEND_STATE_OCCUPIED);
  add_target(waiter, "localhost", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 300), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_reached(waiter, 0), 1);
  assert_connections(&server, 1, 1);
}

static void a_server_that_is_watched_gets_no_connection(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("127.0.0.1", strictly, &port);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  portend_event event;
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  assert_status(portend_waiter_next(waiter, 400, &event), PORTEND_ERR_TIMEOUT);
  assert_connections(&server, 1, 20);
}

static void a_connection_is_made_on_request(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("127.0.0.1", strictly, &port);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_evidence(waiter, PORTEND_EVIDENCE_CONNECTION), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_ACCEPTED);
  assert_int_equal(server_connections(&server), 1);
}

static void no_connection_is_left_in_time_wait(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server("::", dual_stack, &port);
  for (int i = 0; i < 20; ++i) {
    assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_OK);
    assert_status(portend_occupied("::1", port, 0), PORTEND_OK);
    assert_status(portend_free("localhost", port, 0), PORTEND_ERR_TIMEOUT);
    assert_status(portend_assert_free("localhost", port, 0), PORTEND_ERR_NOT_FREE);
  }
  assert_connections(&server, 40, 120);
  if (!servers_see_probes()) assert_int_equal(count_time_wait(port), 0);
}

static void a_port_may_be_bound_while_it_is_awaited(void** state) {
  (void)state;
  const int port = closed_port();
  portend_waiter* waiter = waiter_for("localhost", port, PORTEND_STATE_OCCUPIED);
  portend_event event;
  for (int i = 0; i < 50; ++i) {
    portend_waiter_next(waiter, 2, &event);
    assert_true(can_bind("127.0.0.1", port, reusing_address));
    assert_true(can_bind("::", port, reusing_address | dual_stack));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_live_server_gets_no_connection_while_it_is_awaited_to_leave),
      tidy(a_server_gets_no_connection_until_it_has_closed),
      tidy(a_server_that_is_found_gets_no_connection),
      tidy(a_server_that_starts_late_gets_no_connection),
      tidy(no_connection_comes_after_a_target_is_reached),
      tidy(a_server_that_is_watched_gets_no_connection),
      tidy(a_connection_is_made_on_request),
      tidy(no_connection_is_left_in_time_wait),
      tidy(a_port_may_be_bound_while_it_is_awaited),
  };
  return cmocka_run_group_tests_name("disturbance", tests, NULL, NULL);
}
