/* SPDX-License-Identifier: MIT */
/* A refusal counts each port once, by its obstacle, and names the processes that have ports. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

static const char* refusal_of(portend_finder* finder, int count) {
  static int ports[100];
  assert_status(portend_finder_find(finder, ports, (size_t)count), PORTEND_ERR_NO_PORT);
  return portend_finder_message(finder);
}

static void count_in_both_parities(void* unused) {
  (void)unused;
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50009");
  set_sysctl("net/ipv4/ip_local_reserved_ports", "50003,50005,60000-60010");
  portend_finder* finder = new_finder();
  for (int port = 50000; port < 50010; ++port) {
    if (port != 50003 && port != 50005 && port != 50008) keep(bind_socket("127.0.0.1", port, strictly));
  }
  assert_begins(
      refusal_of(finder, 2),
      "After 1, no further port from 50000 to 50009 can be bound on this machine. (7 in use, 1 found "
      "already, 2 reserved in ip_local_reserved_ports; port 50000: ");
  assert_status(portend_finder_add_excluded(finder, 50004, 50008), PORTEND_OK);
  assert_begins(
      refusal_of(finder, 1),
      "No port from 50000 to 50009 can be bound on this machine. (4 in use, 5 excluded, 1 reserved in "
      "ip_local_reserved_ports; port 50000: ");
}

static void ports_of_both_parities_are_counted_once(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports are reserved");
  in_network(count_in_both_parities, NULL);
}

static void count_above(void* unused) {
  (void)unused;
  set_sysctl("net/ipv4/ip_local_port_range", "50000 65533");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_from(finder, 65530), PORTEND_OK);
  assert_status(portend_finder_set_avoid_ephemeral(finder, 1), PORTEND_OK);
  listen_on("::1", 65535, strictly, 1);
  assert_begins(
      refusal_of(finder, 2),
      "After 1, no further port from 65530 to 65535 can be bound on this machine. (1 in use, 1 found "
      "already, 4 ephemeral; port 65535: ");
}

static void ephemeral_ports_that_were_avoided_are_counted(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports the system hands out");
  in_network(count_above, NULL);
}

static void preferred_ports_and_the_range_are_counted_together(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_add_preferred(finder, 19999, 20001), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20000, 20000), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 20000, 20003), PORTEND_OK);
  assert_status(portend_finder_add_excluded(finder, 20003, 21000), PORTEND_OK);
  for (int port = 19999; port < 20003; ++port) listen_on("127.0.0.1", port, strictly, 1);
  assert_begins(refusal_of(finder, 1),
                "No port from 20000 to 20003, nor a preferred one (19999-20001, 20000), can be bound on this "
                "machine. (4 in use, 1 excluded; port 19999: ");
}

static void the_owner_of_a_port_is_named(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know the owners of listeners");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_add_preferred(finder, 20000, 20000), PORTEND_OK);
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  listen_on("127.0.0.1", 20000, strictly, 1);
  char text[160];
  snprintf(
      text, sizeof text,
      "No preferred port (20000) can be bound on this machine. (1 in use: ports_counts (pid %d, user root) "
      "listens on 127.0.0.1",
      (int)getpid());
  assert_begins(refusal_of(finder, 1), text);
  assert_int_equal(portend_finder_errno(finder), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(ports_of_both_parities_are_counted_once),
      tidy(ephemeral_ports_that_were_avoided_are_counted),
      alone(preferred_ports_and_the_range_are_counted_together),
      alone(the_owner_of_a_port_is_named),
  };
  return cmocka_run_group_tests_name("counts in refusals", tests, NULL, NULL);
}
