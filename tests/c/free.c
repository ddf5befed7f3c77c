/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>
#include <unistd.h>

#include <stdio.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static void a_port_without_a_listener_is_free_at_once(void** state) {
  (void)state;
  const int port = closed_port();
  const char* const hosts[] = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "127.0.0.2"};
  for (int i = 0; i < 6; ++i) {
    const int64_t began = now_ms();
    assert_status(portend_free(hosts[i], port, 0), PORTEND_OK);
    assert_status(portend_free(hosts[i], port, PORTEND_FOREVER), PORTEND_OK);
    assert_in_range(now_ms() - began, 0, generous_ms);
    assert_string_equal(portend_last_error(), "");
  }
}

static void a_live_server_is_probed_once_with_timeout_0(void** state) {
  (void)state;
  const int port = port_of(listen_on("::", 0, dual_stack, 8));
  const char* const hosts[] = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::"};
  for (int i = 0; i < 5; ++i) {
    char beginning[80];
    const int64_t began = now_ms();
    assert_status(portend_free(hosts[i], port, 0), PORTEND_ERR_TIMEOUT);
    assert_in_range(now_ms() - began, 0, generous_ms);
    snprintf(beginning, sizeof beginning, "Port %d not free on %s. (", port, hosts[i]);
    assert_begins(portend_last_error(), beginning);
  }
}

static void a_wait_for_a_live_server_to_close_ends_at_the_deadline(void** state) {
  (void)state;
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 128));
  const int64_t began = now_us();
  assert_status(portend_free("localhost", port, 150), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 150000, 150000 + generous_ms * 1000);
}

typedef void (*departure)(const struct server*, int delay_ms);

static void await_departure(const char* address, int options, const char* host, departure departs) {
  const int port = closed_port();
  const struct server server = start_server(address, port, options);
  server_listens(&server);
  const int64_t began = now_ns();
  departs(&server, 120);
  assert_status(portend_free(host, port, PORTEND_FOREVER), PORTEND_OK);
  assert_in_range(now_ns() - began, 120 * 1000000LL, (120 + generous_ms) * 1000000LL);
}

static void a_server_that_closes_is_awaited(void** state) {
  (void)state;
  await_departure("127.0.0.1", strictly, "127.0.0.1", server_will_close);
  await_departure("::1", strictly, "::1", server_will_close);
  await_departure("::", dual_stack, "localhost", server_will_close);
  await_departure("0.0.0.0", strictly, "0.0.0.0", server_will_close);
}

static void a_server_that_dies_is_awaited(void** state) {
  (void)state;
  await_departure("127.0.0.1", strictly, "127.0.0.1", server_will_die);
  await_departure("::", dual_stack, "localhost", server_will_die);
}

static void a_listener_that_was_shut_down_and_not_closed_is_free(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  server_listens(&server);
  assert_status(portend_free("127.0.0.1", port, 20), PORTEND_ERR_TIMEOUT);
  server_shuts_down(&server);
  assert_status(portend_free("127.0.0.1", port, generous_ms), PORTEND_OK);
}

static void a_listener_that_is_shut_down_during_the_wait_is_noticed(void** state) {
  (void)state;
  await_departure("127.0.0.1", strictly, "127.0.0.1", server_will_shut_down);
}

static void one_address_that_is_left_is_not_enough(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server v4 = start_server("127.0.0.1", port, strictly);
  const struct server v6 = start_server("::1", port, strictly);
  server_listens(&v4);
  server_listens(&v6);
  server_closes(&v4);
  assert_status(portend_free("localhost", port, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_free("127.0.0.1", port, 60), PORTEND_OK);
  server_listens(&v4);
  server_closes(&v6);
  assert_status(portend_free("localhost", port, 60), PORTEND_ERR_TIMEOUT);
  server_will_close(&v4, 60);
  assert_status(portend_free("localhost", port, PORTEND_FOREVER), PORTEND_OK);
}

static void the_last_of_several_listeners_is_awaited(void** state) {
  (void)state;
  const int first = listen_on("127.0.0.1", 0, reusing_port, 8);
  const int port = port_of(first);
  const struct server second = start_server("127.0.0.1", port, reusing_port);
  server_listens(&second);
  release(first);
  assert_status(portend_free("127.0.0.1", port, 60), PORTEND_ERR_TIMEOUT);
  server_will_die(&second, 60);
  assert_status(portend_free("127.0.0.1", port, PORTEND_FOREVER), PORTEND_OK);
}

static void sleep_for_ever(void* context) {
  (void)context;
  for (;;) sleep_ms(1000);
}

static void a_listener_that_another_process_inherited_is_still_there(void** state) {
  (void)state;
  const int listener = listen_on("127.0.0.1", 0, strictly, 128);
  const int port = port_of(listener);
  const pid_t heir = begin_child(sleep_for_ever, NULL);
  release(listener);
  assert_status(portend_free("127.0.0.1", port, 60), PORTEND_ERR_TIMEOUT);
  kill_child((void*)(intptr_t)heir);
  assert_status(portend_free("127.0.0.1", port, generous_ms), PORTEND_OK);
}

static void a_connection_that_outlives_its_listener_does_not_count(void** state) {
  (void)state;
  const int listener = listen_on("127.0.0.1", 0, strictly, 8);
  const int port = port_of(listener);
  const int client = connect_to("127.0.0.1", port);
  const int connection = keep(accept(listener, NULL, NULL));
  release(listener);
  assert_status(portend_free("127.0.0.1", port, 0), PORTEND_OK);
  assert_false(can_bind("127.0.0.1", port, strictly)); /* free is not bindable */
  assert_int_equal(write(client, "x", 1), 1);
  char byte;
  assert_int_equal(read(connection, &byte, 1), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_port_without_a_listener_is_free_at_once),
      tidy(a_live_server_is_probed_once_with_timeout_0),
      tidy(a_wait_for_a_live_server_to_close_ends_at_the_deadline),
      tidy(a_server_that_closes_is_awaited),
      tidy(a_server_that_dies_is_awaited),
      tidy(a_listener_that_was_shut_down_and_not_closed_is_free),
      tidy(a_listener_that_is_shut_down_during_the_wait_is_noticed),
      tidy(one_address_that_is_left_is_not_enough),
      tidy(the_last_of_several_listeners_is_awaited),
      tidy(a_listener_that_another_process_inherited_is_still_there),
      tidy(a_connection_that_outlives_its_listener_does_not_count),
  };
  return cmocka_run_group_tests_name("portend_free", tests, NULL, NULL);
}
