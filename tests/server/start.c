/* SPDX-License-Identifier: MIT */
/* Servers that start, and servers that do not. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/server.h"
#include "support/socket.h"

static void a_server_is_ready_when_it_listens(void** state) {
  (void)state;
  portend_server* server = actor("note", "delay:50", "listen");
  const int64_t began = now_ms();
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_in_range(now_ms() - began, 50, generous_ms);
  assert_in_range(portend_server_port(server), 1, 65535);
  assert_status(portend_occupied("127.0.0.1", portend_server_port(server), 0), PORTEND_OK);
  pid_t pid = 0;
  assert_int_equal(noted(&pid), 1);
  assert_int_equal(portend_server_pid(server), pid);
  assert_int_equal(portend_server_alive(server), 1);
  assert_int_equal(portend_server_exit_status(server), -1);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(portend_server_alive(server), 0);
  assert_int_equal(portend_server_exit_status(server), 128 + 15);
  assert_status(portend_free("127.0.0.1", portend_server_port(server), 0), PORTEND_OK);
  assert_all_gone();
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
}

static void a_program_that_ends_early_is_reported_with_its_output(void** state) {
  (void)state;
  portend_server* server = actor("say:first line", "say:cannot open the database", "exit:3");
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_contains(portend_server_message(server), "exited with code 3");
  assert_contains(portend_server_message(server), "\n  cannot open the database");
  assert_int_equal(portend_server_exit_status(server), 3);
  assert_string_equal(portend_server_output(server), "first line\ncannot open the database\n");
  server = actor("abort");
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_int_equal(portend_server_exit_status(server), 128 + 6);
  assert_contains(portend_server_message(server), "it wrote nothing");
}

static void a_server_that_is_not_ready_in_time_is_stopped(void** state) {
  (void)state;
  portend_server* server = actor("note", "say:waiting", "fork", "note");
  assert_status(portend_server_start(server, 1500), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_server_message(server), "actor not ready on port ");
  assert_contains(portend_server_message(server), "\n  waiting");
  assert_int_equal(portend_server_alive(server), 0);
  await_noted(2);
  assert_all_gone();
}

static void a_server_on_another_port_is_named(void** state) {
  (void)state;
  char listen[32];
  char expected[64];
  const int port = closed_port();
  snprintf(listen, sizeof listen, "listen:%d", port);
  portend_server* server = actor(listen, "note");
  assert_status(portend_server_launch(server), PORTEND_OK);
  await_noted(1);
  assert_status(portend_server_wait_ready(server, 50), PORTEND_ERR_TIMEOUT);
  if (is_portable()) return;
  snprintf(expected, sizeof expected, "but on port %d: pass it the port", port);
  assert_contains(portend_server_message(server), expected);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_status(portend_server_set_any_port(server, 1), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_int_equal(portend_server_port(server), port);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
}

static void a_listener_of_another_process_does_not_count(void** state) {
  (void)state;
  if (is_portable()) skip_because("only Linux knows the owner of a listener");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 16));
  portend_server* server = actor("delay:20000");
  assert_status(portend_server_set_port(server, port), PORTEND_OK);
  assert_status(portend_server_start(server, 200), PORTEND_ERR_TIMEOUT);
  server = actor("listen");
  assert_status(portend_server_set_port(server, port), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_contains(portend_server_message(server), "Address already in use");
}

static void a_server_that_listens_twice_is_ready_on_its_own_port(void** state) {
  (void)state;
  char other[32];
  snprintf(other, sizeof other, "listen:%d", closed_port());
  portend_server* server = actor(other, "delay:50", "listen");
  int port = 0;
  assert_status(portend_server_reserve(server, &port), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_int_equal(portend_server_port(server), port);
  assert_status(portend_occupied("127.0.0.1", port, 0), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
}

static void a_port_that_closes_and_opens_again_stays_its_own(void** state) {
  (void)state;
  portend_server* server = actor("listen", "delay:30", "close", "delay:30", "listen", "note");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  await_noted(1);
  assert_status(portend_occupied("127.0.0.1", portend_server_port(server), 0), PORTEND_OK);
}

static void a_program_that_cannot_be_executed_is_reported(void** state) {
  (void)state;
  portend_server* server = actor("listen");
  const char* const missing[] = {"no-such-program-here", NULL};
  assert_status(portend_server_set_command(server, missing), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_SYSTEM);
  assert_int_equal(portend_server_errno(server), ENOENT);
  assert_contains(portend_server_message(server), "no-such-program-here cannot be executed");
  const char* const forbidden[] = {"/etc/passwd", NULL};
  assert_status(portend_server_set_command(server, forbidden), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_SYSTEM);
  assert_int_equal(portend_server_errno(server), EACCES);
  assert_status(portend_server_set_directory(server, "/no/such/folder"), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_SYSTEM);
  assert_contains(portend_server_message(server), "its directory /no/such/folder cannot be entered");
}

static void environment_and_directory_are_the_servers(void** state) {
  (void)state;
  setenv("PORTEND_TEST_KEPT", "kept", 1);
  setenv("PORTEND_TEST_REMOVED", "no", 1);
  portend_server* server = actor("listen");
  const char* const command[] = {"sh", "-c",
                                 "echo $PORTEND_TEST_KEPT ${PORTEND_TEST_REMOVED-none} $URL; pwd; "
                                 "echo $0 | grep -q \"^$PORT$\" && exit 5",
                                 "{port}", NULL};
  char expected[100];
  int port = 0;
  assert_status(portend_server_set_command(server, command), PORTEND_OK);
  assert_status(portend_server_set_environment(server, "PORTEND_TEST_REMOVED", NULL), PORTEND_OK);
  assert_status(portend_server_set_environment(server, "URL", "http://h:{port}"), PORTEND_OK);
  assert_status(portend_server_set_directory(server, "/usr"), PORTEND_OK);
  assert_status(portend_server_reserve(server, &port), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  snprintf(expected, sizeof expected, "kept none http://h:%d\n/usr\n", port);
  assert_string_equal(portend_server_output(server), expected);
  assert_int_equal(portend_server_exit_status(server), 5);
  unsetenv("PORTEND_TEST_KEPT");
  unsetenv("PORTEND_TEST_REMOVED");
}

static void a_program_is_found_without_path_too(void** state) {
  (void)state;
  const char* const command[] = {"sh", "-c", "exit 6", NULL};
  portend_server* server = actor("listen");
  assert_status(portend_server_set_command(server, command), PORTEND_OK);
  assert_status(portend_server_set_environment(server, "PATH", NULL), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_int_equal(portend_server_exit_status(server), 6);
}

static void a_server_can_be_started_again_on_its_port(void** state) {
  (void)state;
  portend_server* server = actor("listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  const int port = portend_server_port(server);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_INVALID);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_int_equal(portend_server_port(server), port);
}

static void a_server_that_has_ended_can_be_launched_again(void** state) {
  (void)state;
  portend_server* server = actor("exit:3");
  for (int i = 0; i < 2; ++i) {
    assert_status(portend_server_launch(server), PORTEND_OK);
    assert_status(portend_server_wait_ready(server, PORTEND_FOREVER), PORTEND_ERR_GONE);
    assert_int_equal(portend_server_alive(server), 0);
  }
}

static void use_the_finder_of_the_parent(void* finder) {
  portend_server* server = NULL;
  assert_status(portend_server_create(&server), PORTEND_OK);
  assert_status(portend_server_set_finder(server, finder), PORTEND_ERR_INVALID);
  assert_contains(portend_server_message(server), "This finder belongs to the parent of this process");
  assert_status(portend_server_set_finder(server, NULL), PORTEND_OK);
  portend_server_destroy(server);
}

static void a_finder_of_the_parent_is_refused(void** state) {
  (void)state;
  in_child(use_the_finder_of_the_parent, new_finder());
}

static void a_server_may_be_launched_first_and_waited_for_later(void** state) {
  (void)state;
  portend_server* server = actor("stop", "listen");
  assert_status(portend_server_wait_ready(server, 0), PORTEND_ERR_INVALID);
  assert_status(portend_server_launch(server), PORTEND_OK);
  assert_status(portend_server_wait_ready(server, 1), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_server_alive(server), 1);
  /* A signal that comes before it has stopped has no effect. */
  const int64_t end = now_ms() + start_ms;
  portend_status status = PORTEND_ERR_TIMEOUT;
  while (status == PORTEND_ERR_TIMEOUT && now_ms() < end) {
    assert_int_equal(kill((pid_t)portend_server_pid(server), SIGCONT), 0);
    status = portend_server_wait_ready(server, 50);
  }
  assert_status(status, PORTEND_OK);
}

static void wrong_arguments_are_refused(void** state) {
  (void)state;
  portend_server* server = NULL;
  const char* const empty[] = {NULL};
  assert_status(portend_server_create(NULL), PORTEND_ERR_INVALID);
  assert_status(portend_server_create(&server), PORTEND_OK);
  assert_status(portend_server_start(server, 0), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_command(server, NULL), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_command(server, empty), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_environment(server, "A=B", ""), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_port(server, 70000), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_grace(server, -1), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_output_fd(server, 9999, NULL), PORTEND_ERR_SYSTEM);
  char prefix[258];
  memset(prefix, 'x', sizeof prefix - 1);
  prefix[sizeof prefix - 1] = '\0';
  assert_status(portend_server_set_output_fd(server, 1, prefix), PORTEND_ERR_INVALID);
  assert_status(portend_server_set_output_fd(server, 1, prefix + 1), PORTEND_OK);
  const char* const bad_names[] = {"a\nb", "\x1b[2J", "\xff"};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_server_set_name(server, bad_names[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_server_message(server), "UTF-8 without control characters");
  }
  assert_status(portend_server_stop(server, -2), PORTEND_ERR_INVALID);
  assert_int_equal(portend_server_port(server), 0);
  assert_int_equal(portend_server_fd(server), -1);
  portend_server_destroy(server);
  portend_server_destroy(NULL);
  portend_server_cancel(NULL);
  assert_status(portend_server_stop(NULL, 0), PORTEND_ERR_INVALID);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_server_is_ready_when_it_listens),
      tidy(a_program_that_ends_early_is_reported_with_its_output),
      tidy(a_server_that_is_not_ready_in_time_is_stopped),
      tidy(a_server_on_another_port_is_named),
      tidy(a_listener_of_another_process_does_not_count),
      tidy(a_server_that_listens_twice_is_ready_on_its_own_port),
      tidy(a_port_that_closes_and_opens_again_stays_its_own),
      tidy(a_program_that_cannot_be_executed_is_reported),
      tidy(environment_and_directory_are_the_servers),
      tidy(a_program_is_found_without_path_too),
      tidy(a_server_can_be_started_again_on_its_port),
      tidy(a_server_that_has_ended_can_be_launched_again),
      tidy(a_finder_of_the_parent_is_refused),
      tidy(a_server_may_be_launched_first_and_waited_for_later),
      tidy(wrong_arguments_are_refused),
  };
  return cmocka_run_group_tests_name("server/start", tests, NULL, NULL);
}
