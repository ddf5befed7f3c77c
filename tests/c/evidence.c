/* SPDX-License-Identifier: MIT */
/* Options for what proves that a port is occupied: evidence, stable, owner. */
#include <portend/wait.h>

#include <stdio.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

struct kit_server {
  struct server kit;
  int port;
};

/* Starts a server in another process, with a service of the kit. */
static struct kit_server serving(const char* service) {
  struct kit_server self = {.kit = start_kit()};
  int number = -1;
  assert_int_equal(sscanf(tell(&self.kit, "hold 127.0.0.1 0 reuse"), "%d %d", &number, &self.port), 2);
  tell(&self.kit, "listen 0");
  if (service != NULL) tell(&self.kit, "serve 0 %s", service);
  return self;
}

static portend_waiter* waiter_with(int port, portend_evidence evidence) {
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_evidence(waiter, evidence), PORTEND_OK);
  return waiter;
}

static void a_server_sees_a_connection_only_if_that_is_the_evidence(void** state) {
  (void)state;
  const struct kit_server server = serving(NULL);
  assert_status(portend_occupied("127.0.0.1", server.port, 0), PORTEND_OK);
  assert_int_equal(server_connections(&server.kit), servers_see_probes() ? 1 : 0);
  portend_waiter* waiter = waiter_with(server.port, PORTEND_EVIDENCE_CONNECTION);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_ACCEPTED);
  assert_int_equal(server_connections(&server.kit), servers_see_probes() ? 2 : 1);
}

static void with_the_table_as_evidence_nothing_connects(void** state) {
  (void)state;
  const struct kit_server server = serving(NULL);
  portend_waiter* waiter = waiter_with(server.port, PORTEND_EVIDENCE_TABLE);
  if (looks_by_connecting()) {
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_UNSUPPORTED);
    return;
  }
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
  assert_int_equal(server_connections(&server.kit), 0);
  waiter = waiter_with(closed_port(), PORTEND_EVIDENCE_TABLE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_NOT_LISTENING);
}

static void the_table_is_no_evidence_for_another_machine(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("192.0.2.1", 80, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_evidence(waiter, PORTEND_EVIDENCE_TABLE), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_UNSUPPORTED);
}

static portend_waiter* stable_waiter(int port, int64_t duration_ms) {
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_stable(waiter, duration_ms), PORTEND_OK);
  return waiter;
}

static void a_proxy_that_closes_at_once_is_not_stable(void** state) {
  (void)state;
  const char* const services[] = {"end", "reset"};
  for (int i = 0; i < 2; ++i) {
    const struct kit_server proxy = serving(services[i]);
    portend_waiter* waiter = stable_waiter(proxy.port, 200);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 500), PORTEND_ERR_TIMEOUT);
    assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_CLOSED_EARLY);
    /* The proxy gets its server later. */
    tell(&proxy.kit, "after 50 serve 0 keep");
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
    assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_OCCUPIED);
  }
}

static void a_server_that_keeps_connections_or_greets_is_stable(void** state) {
  (void)state;
  const char* const services[] = {"keep", "greet hello"};
  for (int i = 0; i < 2; ++i) {
    const struct kit_server server = serving(services[i]);
    portend_waiter* waiter = stable_waiter(server.port, 50);
    const int64_t began = now_ms();
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
    assert_in_range(now_ms() - began, 50, 50 + generous_ms);
  }
}

static portend_waiter* owner_waiter(int port, int64_t pid) {
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_owner(waiter, pid), PORTEND_OK);
  return waiter;
}

static void only_the_owner_and_its_descendants_count(void** state) {
  (void)state;
  if (looks_by_connecting()) skip();
  const struct kit_server server = serving(NULL);
  assert_status(portend_waiter_run(owner_waiter(server.port, server.kit.pid), PORTEND_ALL, 0), PORTEND_OK);
  /* The server is a child of this process. */
  assert_status(portend_waiter_run(owner_waiter(server.port, getpid()), PORTEND_ALL, 0), PORTEND_OK);
  const struct server stranger = start_kit();
  portend_waiter* waiter = owner_waiter(server.port, stranger.pid);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 100), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_UNKNOWN);
  assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_OTHER_OWNER);
}

static void a_foreign_server_gives_way_to_the_one_that_is_meant(void** state) {
  (void)state;
  if (looks_by_connecting()) skip();
  const struct kit_server foreign = serving(NULL);
  const struct server own = start_server("127.0.0.1", foreign.port, strictly);
  portend_waiter* waiter = owner_waiter(foreign.port, own.pid);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 50), PORTEND_ERR_TIMEOUT);
  server_is_gone(&foreign.kit);
  server_will_listen(&own, 50);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      forked(a_server_sees_a_connection_only_if_that_is_the_evidence),
      forked(with_the_table_as_evidence_nothing_connects),
      alone(the_table_is_no_evidence_for_another_machine),
      forked(a_proxy_that_closes_at_once_is_not_stable),
      forked(a_server_that_keeps_connections_or_greets_is_stable),
      forked(only_the_owner_and_its_descendants_count),
      forked(a_foreign_server_gives_way_to_the_one_that_is_meant),
  };
  return cmocka_run_group_tests_name("evidence, stable, owner", tests, NULL, NULL);
}
