/* SPDX-License-Identifier: MIT */
/* A process whose end ends the wait. */
#include <stdio.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static portend_waiter* waiter_on(const struct server* server, int port, portend_state wanted) {
  portend_waiter* waiter = waiter_for("127.0.0.1", port, wanted);
  assert_status(portend_waiter_set_pid(waiter, server->pid), PORTEND_OK);
  return waiter;
}

static void a_death_ends_the_wait(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  const int64_t began = now_us();
  server_will_die(&server, 80);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_GONE);
  assert_in_range(now_us() - began, 80000, generous_ms * 1000);
  char beginning[100];
  snprintf(beginning, sizeof beginning,
           "Process %d exited before the targets reached their states.\nPort %d not bound on ",
           (int)server.pid, port);
  assert_begins(portend_waiter_message(waiter), beginning);
}

static void a_zombie_is_dead(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  server_dies(&server); /* the process is not reaped */
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_GONE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_GONE);
  portend_event event;
  portend_status status = PORTEND_OK;
  while (status == PORTEND_OK) status = portend_waiter_next(waiter, PORTEND_FOREVER, &event);
  assert_status(status, PORTEND_ERR_GONE);
}

static void a_process_that_is_not_there_is_dead(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  server_is_gone(&server);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_GONE);
}

static void a_status_of_a_child_stays_its_parents(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  server_will_die(&server, 30);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_GONE);
  server_is_gone(&server); /* reaps the process */
}

static void a_state_that_came_first_counts(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  const struct server other = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  server_will_listen(&server, 40);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  server_done_ns(&server);
  server_dies(&server);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_GONE);
  /* Another process may have opened the port. */
  server_listens(&other);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
}

static void a_server_that_dies_has_left_its_port(void** state) {
  (void)state;
  for (int i = 0; i < 10; ++i) {
    const int port = closed_port();
    const struct server server = start_server("127.0.0.1", port, strictly);
    server_listens(&server);
    portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_FREE);
    server_will_die(&server, 20);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  }
}

static void a_process_that_lives_ends_nothing(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_on(&server, port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_set_pid(waiter, getpid()), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_set_pid(waiter, 1), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_set_pid(waiter, server.pid), PORTEND_OK);
  server_dies(&server);
  assert_status(portend_waiter_set_pid(waiter, 0), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 60), PORTEND_ERR_TIMEOUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_death_ends_the_wait),
      tidy(a_zombie_is_dead),
      tidy(a_process_that_is_not_there_is_dead),
      tidy(a_status_of_a_child_stays_its_parents),
      tidy(a_state_that_came_first_counts),
      tidy(a_server_that_dies_has_left_its_port),
      tidy(a_process_that_lives_ends_nothing),
  };
  return cmocka_run_group_tests_name("portend_waiter_set_pid", tests, NULL, NULL);
}
