/* SPDX-License-Identifier: MIT */
/* Which listeners count, and which programs may have the port. */
#include <stdio.h>
#include <unistd.h>

#include "support.h"
#include "support/clock.h"
#include "support/socket.h"

static void a_listener_of_another_process_counts_if_that_is_allowed(void** state) {
  (void)state;
  portend_server* server = actor("note");
  assert_status(portend_server_set_any_owner(server, 1), PORTEND_OK);
  assert_status(portend_server_launch(server), PORTEND_OK);
  assert_status(portend_server_wait_ready(server, 50), PORTEND_ERR_TIMEOUT);
  await_noted(1);
  const int listener = listen_on("127.0.0.1", portend_server_port(server), reusing_address, 16);
  assert_status(portend_server_wait_ready(server, start_ms), PORTEND_OK);
  close(listener);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_all_gone();
}

static void a_port_that_another_process_keeps_is_reported_after_the_end(void** state) {
  (void)state;
  char expected[64];
  portend_server* server = actor("note");
  assert_status(portend_server_set_any_owner(server, 1), PORTEND_OK);
  assert_status(portend_server_launch(server), PORTEND_OK);
  const int port = portend_server_port(server);
  listen_on("127.0.0.1", port, reusing_address, 16);
  assert_status(portend_server_wait_ready(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_ERR_TIMEOUT);
  snprintf(expected, sizeof expected, "actor not stopped: port %d is still occupied, ", port);
  assert_begins(portend_server_message(server), expected);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
}

static void a_listener_of_another_process_is_named_if_it_does_not_count(void** state) {
  (void)state;
  if (is_portable()) skip_because("only Linux knows the owner of a listener");
  portend_server* server = actor("note");
  assert_status(portend_server_launch(server), PORTEND_OK);
  const int listener = listen_on("127.0.0.1", portend_server_port(server), reusing_address, 16);
  assert_status(portend_server_wait_ready(server, 50), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_server_message(server),
                  "but a process that it did not start does: allow any owner");
  close(listener);
}

static void a_listener_that_was_there_before_never_counts(void** state) {
  (void)state;
  if (is_portable()) skip_because("only the socket table shows the age of a listener");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 16));
  portend_server* server = actor("note");
  assert_status(portend_server_set_port(server, port), PORTEND_OK);
  assert_status(portend_server_set_any_owner(server, 1), PORTEND_OK);
  assert_status(portend_server_start(server, 400), PORTEND_ERR_TIMEOUT);
}

static void a_program_without_reuse_needs_a_port_that_is_not_reserved(void** state) {
  (void)state;
  portend_server* server = actor("strict");
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_contains(
      portend_server_message(server),
      "if it does not set SO_REUSEADDR, start it without the reservation of its port; its last output:\n"
      "  bind: Address already in use");
  assert_status(portend_server_set_reserved(server, 0), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  const int port = portend_server_port(server);
  assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_int_equal(portend_server_port(server), port);
}

static void another_failure_has_no_word_of_the_reservation(void** state) {
  (void)state;
  portend_server* server = actor("say:no memory", "exit:1");
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_contains(portend_server_message(server), "exited with code 1; its last output:\n  no memory");
}

static void the_system_assigns_no_port_that_is_released(void** state) {
  (void)state;
  int first = 49152; /* RFC 6335, section 6: the portable library does not read what Linux shows */
  int last = 65535;
  int port = 0;
#ifndef PORTEND_TEST_PORTABLE
  FILE* file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
  if (file == NULL) skip_because("only Linux shows its ephemeral range");
  assert_int_equal(fscanf(file, "%d %d", &first, &last), 2);
  fclose(file);
#endif
  if (first <= 1024) skip_because("all ports of this machine are ephemeral");
  portend_server* server = actor("strict");
  assert_status(portend_server_set_reserved(server, 0), PORTEND_OK);
  assert_status(portend_server_reserve(server, &port), PORTEND_OK);
  assert_true(port < first || port > last);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_listener_of_another_process_counts_if_that_is_allowed),
      tidy(a_port_that_another_process_keeps_is_reported_after_the_end),
      tidy(a_listener_of_another_process_is_named_if_it_does_not_count),
      tidy(a_listener_that_was_there_before_never_counts),
      tidy(a_program_without_reuse_needs_a_port_that_is_not_reserved),
      tidy(another_failure_has_no_word_of_the_reservation),
      tidy(the_system_assigns_no_port_that_is_released),
  };
  return cmocka_run_group_tests_name("server/owner", tests, NULL, NULL);
}
