/* SPDX-License-Identifier: MIT */
/* A server is ended, even if it resists. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "support.h"
#include "support/clock.h"
#include "support/socket.h"

static void stop_gone(portend_server* server, int grace, int least_ms) {
  const int64_t began = now_ms();
  assert_status(portend_server_stop(server, grace), PORTEND_OK);
  assert_in_range(now_ms() - began, least_ms, generous_ms);
  pid_t pids[most_pids];
  const int count = noted(pids);
  for (int i = 0; i < count; ++i) assert_false(is_there(pids[i]));
  assert_status(portend_free("127.0.0.1", portend_server_port(server), 0), PORTEND_OK);
}

static void a_server_that_ignores_term_is_killed_after_the_grace(void** state) {
  (void)state;
  portend_server* server = actor("deaf", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  stop_gone(server, 100, 100);
  assert_int_equal(portend_server_exit_status(server), 128 + SIGKILL);
}

static void a_shorter_grace_replaces_a_longer_one(void** state) {
  (void)state;
  portend_server* server = actor("deaf", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_begin_stop(server, PORTEND_FOREVER), PORTEND_OK);
  sleep_ms(100);
  assert_int_equal(portend_server_alive(server), 1);
  stop_gone(server, 0, 0);
}

static void children_in_the_group_are_ended(void** state) {
  (void)state;
  portend_server* server = actor("note", "fork", "note", "deaf", "fork", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  stop_gone(server, 100, 0);
}

static void a_child_that_left_the_group_is_ended(void** state) {
  (void)state;
  if (is_portable()) skip_because("only Linux finds a process that has left the group");
  portend_server* server = actor("note", "escape", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  stop_gone(server, grace_ms, 0);
  server = actor("note", "escape", "deaf", "note", "escape", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  stop_gone(server, 100, 100);
}

static void a_daemon_is_ended(void** state) {
  (void)state;
  if (is_portable()) skip_because("only Linux finds a process that has left the group");
  portend_server* server = actor("daemon", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_int_equal(portend_server_alive(server), 1);
  stop_gone(server, grace_ms, 0);
}

static void a_stopped_server_is_ended(void** state) {
  (void)state;
  portend_server* server = actor("note", "listen", "stop");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  stop_gone(server, grace_ms, 0);
  assert_int_equal(portend_server_exit_status(server), 128 + SIGTERM);
}

static void a_server_that_dies_later_is_noticed(void** state) {
  (void)state;
  portend_server* server = actor("listen", "delay:50", "exit:4");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  for (const int64_t end = now_ms() + generous_ms; portend_server_alive(server) != 0; sleep_ms(1)) {
    assert_true(now_ms() < end);
  }
  assert_int_equal(portend_server_exit_status(server), 4);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(portend_server_exit_status(server), 4);
}

static void* cancel_when_noted(void* server) {
  await_noted(1);
  portend_server_cancel(server);
  return NULL;
}

static void a_start_can_be_canceled(void** state) {
  (void)state;
  portend_server* server = actor("note");
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, cancel_when_noted, server), 0);
  assert_status(portend_server_start(server, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  pthread_join(thread, NULL);
  assert_all_gone();
}

static int interrupt_third(void* count) { return ++*(int*)count >= 3; }

static void a_wait_can_be_interrupted_and_continued(void** state) {
  (void)state;
  int count = 0;
  portend_server* server = actor("delay:400", "listen");
  assert_status(portend_server_set_interrupt(server, interrupt_third, &count), PORTEND_OK);
  assert_status(portend_server_launch(server), PORTEND_OK);
  assert_status(portend_server_wait_ready(server, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_status(portend_server_set_interrupt(server, NULL, NULL), PORTEND_OK);
  assert_status(portend_server_wait_ready(server, start_ms), PORTEND_OK);
}

static void* run_one(void* unused) {
  (void)unused;
  const char* const command[] = {PORTEND_ACTOR, "fork", "listen", NULL};
  portend_server* server = NULL;
  CHECK(portend_server_create(&server) == PORTEND_OK);
  CHECK(portend_server_set_command(server, command) == PORTEND_OK);
  CHECK(portend_server_start(server, start_ms) == PORTEND_OK);
  CHECK(portend_occupied("127.0.0.1", portend_server_port(server), 0) == PORTEND_OK);
  CHECK(portend_server_stop(server, grace_ms) == PORTEND_OK);
  portend_server_destroy(server);
  return NULL;
}

static void many_threads_run_servers_side_by_side(void** state) {
  (void)state;
  if (has_sanitizer("thread")) skip_because("the thread sanitizer cannot fork while other threads begin");
  enum { threads = 20 };
  pthread_t running[threads];
  for (int i = 0; i < threads; ++i) assert_int_equal(pthread_create(&running[i], NULL, run_one, NULL), 0);
  for (int i = 0; i < threads; ++i) pthread_join(running[i], NULL);
  assert_int_equal(children_left(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_server_that_ignores_term_is_killed_after_the_grace),
      tidy(a_shorter_grace_replaces_a_longer_one),
      tidy(children_in_the_group_are_ended),
      tidy(a_child_that_left_the_group_is_ended),
      tidy(a_daemon_is_ended),
      tidy(a_stopped_server_is_ended),
      tidy(a_server_that_dies_later_is_noticed),
      tidy(a_start_can_be_canceled),
      tidy(a_wait_can_be_interrupted_and_continued),
      tidy(many_threads_run_servers_side_by_side),
  };
  return cmocka_run_group_tests_name("server/stop", tests, NULL, NULL);
}
