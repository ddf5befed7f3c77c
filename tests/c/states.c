/* SPDX-License-Identifier: MIT */
/* The states bindable and drained. */
#include <stdio.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static portend_status wait_for(const char* host, int port, portend_state wanted, int64_t timeout_ms) {
  portend_waiter* waiter = waiter_for(host, port, wanted);
  return portend_waiter_run(waiter, PORTEND_ALL, timeout_ms);
}

static void a_port_that_is_only_bound_is_free_and_not_bindable(void** state) {
  (void)state;
  const int port = port_of(bind_socket("127.0.0.1", 0, strictly));
  assert_status(wait_for("127.0.0.1", port, PORTEND_STATE_FREE, 0), PORTEND_OK);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_BINDABLE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_UNKNOWN);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_IN_USE);
}

static void a_port_becomes_bindable_when_its_listener_closes(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  server_listens(&server);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_BINDABLE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_IN_USE);
  server_will_close(&server, 50);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_BINDABLE);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_BINDABLE);
}

static void time_wait_keeps_no_port_from_being_bindable(void** state) {
  (void)state;
  const int listener = listen_on("127.0.0.1", 0, reusing_address, 8);
  const int port = port_of(listener);
  const int client = connect_to("127.0.0.1", port);
  drain_queue(listener); /* the server closes first */
  release(listener);
  release(client);
  if (!is_portable()) assert_in_range(count_time_wait(port), 1, 2);
  assert_false(can_bind("127.0.0.1", port, strictly));
  assert_status(wait_for("127.0.0.1", port, PORTEND_STATE_BINDABLE, 0), PORTEND_OK);
}

static void a_wildcard_stands_for_all_addresses(void** state) {
  (void)state;
  const int bound = bind_socket("127.0.0.2", 0, strictly);
  const int port = port_of(bound);
  assert_status(wait_for("127.0.0.1", port, PORTEND_STATE_BINDABLE, 0), PORTEND_OK);
  assert_status(wait_for("0.0.0.0", port, PORTEND_STATE_BINDABLE, 0), PORTEND_ERR_TIMEOUT);
}

static void connections_keep_a_port_from_being_drained(void** state) {
  (void)state;
  if (is_portable()) skip();
  const struct server kit = start_kit();
  const int listener = listen_on("127.0.0.1", 0, strictly, 8);
  const int port = port_of(listener);
  int client = 0;
  assert_int_equal(sscanf(tell(&kit, "connect 127.0.0.1 %d", port), "%d", &client), 1);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_DRAINED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_CONNECTED);
  tell(&kit, "after 50 reset %d", client);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_DRAINED);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_DRAINED);
}

static void without_a_list_of_connections_drained_is_unsupported(void** state) {
  (void)state;
  const portend_status wanted = is_portable() ? PORTEND_ERR_UNSUPPORTED : PORTEND_OK;
  assert_status(wait_for("127.0.0.1", closed_port(), PORTEND_STATE_DRAINED, 0), wanted);
}

static void other_machines_have_neither_state(void** state) {
  (void)state;
  assert_status(wait_for("192.0.2.1", 80, PORTEND_STATE_BINDABLE, 0), PORTEND_ERR_UNSUPPORTED);
  assert_status(wait_for("192.0.2.1", 80, PORTEND_STATE_DRAINED, 0), PORTEND_ERR_UNSUPPORTED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      forked(a_port_that_is_only_bound_is_free_and_not_bindable),
      forked(a_port_becomes_bindable_when_its_listener_closes),
      quiet(time_wait_keeps_no_port_from_being_bindable),
      quiet(a_wildcard_stands_for_all_addresses),
      forked(connections_keep_a_port_from_being_drained),
      forked(without_a_list_of_connections_drained_is_unsupported),
      alone(other_machines_have_neither_state),
  };
  return cmocka_run_group_tests_name("bindable and drained", tests, NULL, NULL);
}
