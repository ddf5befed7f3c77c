/* SPDX-License-Identifier: MIT */
/* Network conditions: connections of a socket to itself, missing families, silent and unreachable hosts,
 * unknown names. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"

/* connect() chooses the first of these two ports, regardless of the destination. */
enum { own_port = 40000 };
static const char two_ports[] = "40000 40001";

/* A plain connect, to check that it would connect to itself. */
static bool connects_to_itself(void) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(own_port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(client, (const struct sockaddr*)&to, sizeof to) == 0;
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  const bool itself = connected && port_of(client) == own_port;
  close(client);
  return itself;
}

static void a_connection_to_itself_is_no_listener(void** state) {
  (void)state;
  set_sysctl("net/ipv4/ip_local_port_range", two_ports);
  const char* const hosts[] = {"127.0.0.1", "::1", "localhost"};
  for (int i = 0; i < 3; ++i) {
    assert_true(connects_to_itself());
    assert_status(portend_occupied(hosts[i], own_port, 0), PORTEND_ERR_TIMEOUT);
    assert_status(portend_occupied(hosts[i], own_port, 150), PORTEND_ERR_TIMEOUT);
    assert_status(portend_free(hosts[i], own_port, 0), PORTEND_OK);
    assert_status(portend_free(hosts[i], own_port, 150), PORTEND_OK);
    assert_status(portend_assert_free(hosts[i], own_port, 0), PORTEND_OK);
  }
}

static void a_connection_to_itself_keeps_no_server_from_its_port(void** state) {
  (void)state;
  set_sysctl("net/ipv4/ip_local_port_range", two_ports);
  const struct server server = start_server("127.0.0.1", own_port, strictly);
  assert_true(connects_to_itself());
  server_will_listen(&server, 100);
  assert_status(portend_occupied("127.0.0.1", own_port, PORTEND_FOREVER), PORTEND_OK);
  server_done_ns(&server);
  const int probes = servers_see_probes() ? 1 : 0;
  assert_int_equal(server_connections(&server), probes);
  assert_in_range(count_time_wait(own_port), 0, probes); /* the probe leaves it if it closes first */
}

static void a_connection_to_itself_is_no_change_of_state(void** state) {
  (void)state;
  set_sysctl("net/ipv4/ip_local_port_range", two_ports);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "localhost", own_port);
  portend_event event;
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  assert_int_equal(event.state, PORTEND_STATE_FREE);
  assert_status(portend_waiter_next(waiter, 200, &event), PORTEND_ERR_TIMEOUT);
}

static void a_family_that_is_missing_is_no_error(void** state) {
  (void)state;
  set_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  assert_false(has_ipv6());
  const int listener = listen_on("127.0.0.1", 0, strictly, 64);
  const int port = port_of(listener);
  assert_status(portend_occupied("localhost", port, 0), PORTEND_OK);
  assert_status(portend_free("localhost", port, 60), PORTEND_ERR_TIMEOUT);
  assert_status(portend_assert_free("localhost", port, 0), PORTEND_ERR_NOT_FREE);
  release(listener);
  assert_status(portend_free("localhost", port, generous_ms), PORTEND_OK);
  assert_status(portend_assert_free("localhost", port, 0), PORTEND_OK);
  assert_status(portend_occupied("localhost", port, 60), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), "refused by 127.0.0.1");

  assert_status(portend_free("::1", port, 0), PORTEND_OK);
  assert_status(portend_occupied("::1", port, 60), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), "::1 is unreachable");
}

static void a_host_that_cannot_be_reached_is_free_and_may_come(void** state) {
  (void)state;
  const char* const hosts[] = {"192.0.2.1", "2001:db8::1"};
  for (int i = 0; i < 2; ++i) {
    assert_status(portend_free(hosts[i], 80, 0), PORTEND_OK);
    assert_status(portend_assert_free(hosts[i], 80, 0), PORTEND_OK);
    portend_waiter* waiter = waiter_for(hosts[i], 80, PORTEND_STATE_OCCUPIED);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 100), PORTEND_ERR_TIMEOUT);
    assert_int_equal(portend_waiter_state(waiter, 0), PORTEND_STATE_FREE);
    assert_int_equal(portend_waiter_reason(waiter, 0), PORTEND_REASON_UNREACHABLE);
    assert_contains(portend_waiter_message(waiter), " is unreachable, ");
    assert_true(portend_waiter_probes(waiter, 0) > 1);
  }
}

static void a_lack_of_local_ports_is_reported(void** state) {
  (void)state;
  const int listener = listen_on("127.0.0.1", 50000, strictly, 8);
  set_sysctl("net/ipv4/ip_local_port_range", two_ports);
  const int first = listen_on("::", own_port, dual_stack, 8);
  const int second = listen_on("::", own_port + 1, dual_stack, 8);
  const int descriptors = open_descriptors();
  portend_waiter* waiter = waiter_for("127.0.0.1", 50000, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_evidence(waiter, PORTEND_EVIDENCE_CONNECTION), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 100), PORTEND_ERR_SYSTEM);
  assert_int_equal(portend_last_errno(), EADDRNOTAVAIL);
  assert_int_equal(portend_waiter_errno(waiter), EADDRNOTAVAIL);
  assert_contains(portend_last_error(), "no local port left");
  char code[32];
  snprintf(code, sizeof code, "(errno %d)", EADDRNOTAVAIL);
  assert_contains(portend_last_error(), code);
  assert_in_range(open_descriptors(), descriptors, descriptors + 1); /* the cancel descriptor */
  release(first);
  release(second);
  assert_status(portend_occupied("127.0.0.1", 50000, 0), PORTEND_OK);
  assert_int_equal(drain_queue(listener), servers_see_probes() ? 1 : 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(a_connection_to_itself_is_no_listener),
      alone(a_connection_to_itself_keeps_no_server_from_its_port),
      alone(a_connection_to_itself_is_no_change_of_state),
      alone(a_family_that_is_missing_is_no_error),
      alone(a_host_that_cannot_be_reached_is_free_and_may_come),
      alone(a_lack_of_local_ports_is_reported),
  };
  return cmocka_run_group_tests_name("networks", tests, NULL, NULL);
}
