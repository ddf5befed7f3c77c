/* SPDX-License-Identifier: MIT */
/* Messages name the owner of a port in use. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/child.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static struct server listening_server(int* port) {
  *port = closed_port();
  const struct server server = start_server("127.0.0.1", *port, strictly);
  server_listens(&server);
  return server;
}

static void skip_if_unknown(void) {
  if (is_portable()) skip_because("this build cannot list sockets");
}

static void a_wait_for_a_server_to_leave_names_it(void** state) {
  (void)state;
  skip_if_unknown();
  int port;
  const struct server server = listening_server(&port);
  char message[140];
  const char* const hosts[] = {"127.0.0.1", "localhost", "0.0.0.0"};
  for (int i = 0; i < 3; ++i) {
    snprintf(message, sizeof message,
             "Port %d not free on %s. (" SERVER_NAME ", pid %d, listens on 127.0.0.1)", port, hosts[i],
             (int)server.pid);
    assert_status(portend_free(hosts[i], port, 20), PORTEND_ERR_TIMEOUT);
    assert_string_equal(portend_last_error(), message);
    portend_waiter* waiter = waiter_for(hosts[i], port, PORTEND_STATE_FREE);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
    assert_string_equal(portend_waiter_message(waiter), message);
    assert_string_equal(portend_waiter_explain(waiter, 0), message);
  }
}

static void assert_free_names_whoever_is_there(void** state) {
  (void)state;
  skip_if_unknown();
  int port;
  const struct server server = listening_server(&port);
  char message[140];
  snprintf(message, sizeof message,
           "Port %d is in use on 127.0.0.1. (" SERVER_NAME ", pid %d, listens on 127.0.0.1)", port,
           (int)server.pid);
  assert_status(portend_assert_free("localhost", port, 1000), PORTEND_ERR_NOT_FREE);
  assert_string_equal(portend_last_error(), message);
}

static void a_busy_server_is_named_too(void** state) {
  (void)state;
  skip_if_unknown();
  const int listener = listen_on("127.0.0.1", 0, strictly, 1);
  fill_queue(listener, "127.0.0.1");
  assert_status(portend_free("127.0.0.1", port_of(listener), 20), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), "(ports_owner, pid ");
  assert_contains(portend_last_error(), ", listens on 127.0.0.1, its accept queue is full)");
}

static void a_server_that_has_closed_meanwhile_is_not_named(void** state) {
  (void)state;
  int port;
  const struct server server = listening_server(&port);
  assert_status(portend_free("127.0.0.1", port, 20), PORTEND_ERR_TIMEOUT);
  server_closes(&server);
  assert_null(strstr(portend_last_error(), ", pid "));
  assert_contains(portend_last_error(),
                  looks_by_connecting() ? "accepted by 127.0.0.1" : "(a listener on 127.0.0.1)");
}

static void look_as_nobody(void* context) {
  const int port = *(int*)context;
  become_nobody();
  assert_status(portend_free("127.0.0.1", port, 20), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(),
                  looks_by_connecting() ? "accepted by 127.0.0.1" : "(a listener on 127.0.0.1)");
  assert_status(portend_assert_free("127.0.0.1", port, 20), PORTEND_ERR_NOT_FREE);
  assert_contains(portend_last_error(), "is in use on 127.0.0.1. (");
  assert_null(strstr(portend_last_error(), ", pid "));
}

static void another_users_server_is_not_named(void** state) {
  (void)state;
  if (geteuid() != 0) skip_because("only root may become another user");
  int port;
  listening_server(&port);
  in_child(look_as_nobody, &port);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_wait_for_a_server_to_leave_names_it),
      tidy(assert_free_names_whoever_is_there),
      tidy(a_busy_server_is_named_too),
      tidy(a_server_that_has_closed_meanwhile_is_not_named),
      tidy(another_users_server_is_not_named),
  };
  return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
