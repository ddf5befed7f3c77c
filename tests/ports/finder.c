/* SPDX-License-Identifier: MIT */
/* The options of a finder. */
#include <limits.h>
#include <stdio.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/socket.h"
#include "support/ways.h"

static void options_have_a_range(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  const int no_ports[] = {0, -1, 65536, INT_MAX, INT_MIN};
  for (int i = 0; i < 5; ++i) {
    assert_status(portend_finder_set_range(finder, no_ports[i], 65535), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_range(finder, 1, no_ports[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_add_preferred(finder, no_ports[i], no_ports[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_add_excluded(finder, no_ports[i], no_ports[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_finder_message(finder), "is outside 1 to 65535");
  }
  assert_status(portend_finder_set_range(finder, 2000, 1999), PORTEND_ERR_INVALID);
  assert_contains(portend_finder_message(finder), "from 2000 to 1999 is empty");
  const int no_flags[] = {-1, 2, INT_MAX};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_finder_set_avoid_ephemeral(finder, no_flags[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_only_preferred(finder, no_flags[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_udp(finder, no_flags[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_port_server(finder, no_flags[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_family(finder, no_flags[i]), PORTEND_ERR_INVALID);
  }
  assert_status(portend_finder_set_host(finder, ""), PORTEND_ERR_INVALID);
  const size_t no_counts[] = {0, 65536, SIZE_MAX};
  for (int i = 0; i < 3; ++i) {
    int port = 4711;
    assert_status(portend_finder_find(finder, &port, no_counts[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_finder_message(finder), "A number of ports");
    assert_int_equal(port, 4711);
  }
}

static void a_range_is_kept(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  int ports[6] = {4711, 0, 0, 0, 0, 0};
  assert_status(portend_finder_set_range(finder, 20000, 20004), PORTEND_OK);
  assert_status(portend_finder_find(finder, ports, 6), PORTEND_ERR_NO_PORT);
  assert_begins(portend_finder_message(finder),
                "After 5, no further port from 20000 to 20004 can be bound on this machine. (");
  assert_int_equal(ports[0], 4711);
  assert_status(portend_finder_find(finder, ports, 5), PORTEND_OK);
  assert_string_equal(portend_finder_message(finder), "");
  assert_true(are_distinct(ports, 5));
  for (int i = 0; i < 5; ++i) assert_int_equal(ports[i], 20000 + i);
  for (int i = 0; i < 30; ++i) assert_in_range(find_one(finder), 20000, 20004);
}

static void preferred_ports_come_first_and_in_order(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  int ports[3];
  assert_status(portend_finder_set_range(finder, 30000, 30001), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20005, 20005), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20001, 20001), PORTEND_OK);
  assert_status(portend_finder_find(finder, ports, 3), PORTEND_OK);
  assert_int_equal(ports[0], 20005);
  assert_int_equal(ports[1], 20001);
  assert_in_range(ports[2], 30000, 30001);
}

static void a_preferred_port_in_use_gives_way_to_the_next(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 30000, 30001), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20005, 20005), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20001, 20003), PORTEND_OK);
  listen_on("::1", 20005, strictly, 1);
  listen_on("127.0.0.1", 20001, reusing_address, 1);
  assert_int_equal(find_one(finder), 20002);
}

/* The first caller of the port may not have bound it yet. */
static void a_port_that_was_found_by_its_number_is_not_given_again_for_a_while(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 30000, 30001), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20005, 20006), PORTEND_OK);
  assert_int_equal(find_one(finder), 20005);
  assert_int_equal(find_one(finder), 20006);
  assert_in_range(find_one(finder), 30000, 30001);
  /* A reservation already has its port bound, and a caller that accepts no other port gets it. */
  assert_int_equal(portend_reservation_port(new_reservation(finder)), 20005);
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  assert_int_equal(find_one(finder), 20006);
  assert_int_equal(find_one(finder), 20006);
}

static void only_preferred_ports_are_given_on_request(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  int ports[2] = {4711, 4711};
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  assert_status(portend_finder_find(finder, ports, 1), PORTEND_ERR_NO_PORT);
  assert_begins(portend_finder_message(finder), "No port can be found: only preferred ports are allowed");
  assert_status(portend_finder_add_preferred(finder, 20001, 20001), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20003, 20003), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20001, 20001), PORTEND_OK);
  listen_on("0.0.0.0", 20003, strictly, 1);
  assert_int_equal(find_one(finder), 20001);
  assert_status(portend_finder_find(finder, ports, 2), PORTEND_ERR_NO_PORT);
  assert_begins(portend_finder_message(finder),
                "After 1, no further preferred port (20001, 20003, 20001) can be bound on this machine. (");
  bind_socket("127.0.0.2", 20001, strictly);
  assert_status(portend_finder_find(finder, ports, 1), PORTEND_ERR_NO_PORT);
  assert_begins(portend_finder_message(finder), "No preferred port (20001, 20003, 20001) can be bound on");
  assert_contains(portend_finder_message(finder), "(2 in use; port 20001: ");
  assert_int_equal(ports[0], 4711);
  assert_status(portend_finder_set_only_preferred(finder, 0), PORTEND_OK);
  assert_true(find_one(finder) > 20003);
}

static void excluded_ports_are_never_given(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 20000, 20003), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20002, 20002), PORTEND_OK);
  const int excluded[] = {20000, 20002, 20003};
  for (int i = 0; i < 3; ++i)
    assert_status(portend_finder_add_excluded(finder, excluded[i], excluded[i]), PORTEND_OK);
  for (int i = 0; i < 10; ++i) assert_int_equal(find_one(finder), 20001);
  assert_status(portend_finder_add_excluded(finder, 20001, 20001), PORTEND_OK);
  int port = 4711;
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_contains(portend_finder_message(finder), "4 excluded");
  assert_int_equal(port, 4711);
}

static portend_status find_where_taken(const char* host, portend_family family, int udp) {
  portend_finder* finder = new_finder();
  int port = 0;
  if (host != NULL) assert_status(portend_finder_set_host(finder, host), PORTEND_OK);
  assert_status(portend_finder_set_family(finder, family), PORTEND_OK);
  assert_status(portend_finder_set_udp(finder, udp), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 20000, 20000), PORTEND_OK);
  return portend_finder_find(finder, &port, 1);
}

static void family_and_host_say_which_sockets_are_in_the_way(void** state) {
  (void)state;
  const int v4 = keep(bind_socket("127.0.0.1", 20000, strictly));
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_ANY, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_IPV4, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_IPV6, 0), PORTEND_OK);
  assert_status(find_where_taken("127.0.0.1", PORTEND_FAMILY_ANY, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken("127.0.0.2", PORTEND_FAMILY_ANY, 0), PORTEND_OK);
  assert_status(find_where_taken("localhost", PORTEND_FAMILY_ANY, 0), PORTEND_ERR_NO_PORT);
  assert_contains(portend_last_error(), "No port 20000 can be bound on localhost. (1 in use");
  assert_status(find_where_taken("localhost", PORTEND_FAMILY_IPV6, 0), PORTEND_OK);
  release(v4);
  keep(bind_socket("::1", 20000, strictly));
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_ANY, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_IPV4, 0), PORTEND_OK);
  assert_status(find_where_taken(NULL, PORTEND_FAMILY_IPV6, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken("0.0.0.0", PORTEND_FAMILY_ANY, 0), PORTEND_OK);
  assert_status(find_where_taken("::", PORTEND_FAMILY_ANY, 0), PORTEND_ERR_NO_PORT);
  assert_status(find_where_taken("::1", PORTEND_FAMILY_IPV4, 0), PORTEND_ERR_RESOLVE);
  assert_contains(portend_last_error(), "Host ::1 has no address of the requested family");
}

static void a_port_for_udp_is_free_for_both(void** state) {
  (void)state;
  const char* const addresses[] = {"127.0.0.1", "::1", "0.0.0.0", "127.0.0.2"};
  for (int i = 0; i < 4; ++i) {
    const int taken = keep(bind_socket(addresses[i], 20000, over_udp));
    assert_status(find_where_taken(NULL, PORTEND_FAMILY_ANY, 0), PORTEND_OK);
    assert_status(find_where_taken(NULL, PORTEND_FAMILY_ANY, 1), PORTEND_ERR_NO_PORT);
    release(taken);
    assert_status(find_where_taken(NULL, PORTEND_FAMILY_ANY, 1), PORTEND_OK);
  }
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_udp(finder, 1), PORTEND_OK);
  for (int i = 0; i < 200; ++i) {
    const int port = find_one(finder);
    assert_true(can_bind_in_all_forms(port, strictly) && can_bind_in_all_forms(port, over_udp));
  }
}

struct system_ports {
  int first;
  int last;
};

static void avoid_range(void* context) {
  const struct system_ports* system = context;
  char range[32];
  snprintf(range, sizeof range, "%d %d", system->first, system->last);
  set_sysctl("net/ipv4/ip_local_port_range", range);
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_avoid_ephemeral(finder, 1), PORTEND_OK);
  for (int i = 0; i < 500; ++i) {
    const int port = find_one(finder);
    assert_false(port >= system->first && port <= system->last);
    assert_true(can_bind_in_all_forms(port, strictly));
  }
}

static void ephemeral_ports_are_avoided_for_any_range(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports the system hands out");
  static const struct system_ports ranges[] = {{32768, 60999}, {1024, 2000},  {1024, 60000},
                                               {15000, 65535}, {2000, 65534}, {40000, 40000}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i) {
    struct system_ports range = ranges[i];
    in_network(avoid_range, &range);
  }
}

static void avoid_everything(void* context) {
  const struct system_ports* system = context;
  char range[32];
  snprintf(range, sizeof range, "%d %d", system->first, system->last);
  set_sysctl("net/ipv4/ip_unprivileged_port_start", "0");
  set_sysctl("net/ipv4/ip_local_port_range", range);
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_avoid_ephemeral(finder, 1), PORTEND_OK);
  int port = 4711;
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_contains(portend_finder_message(finder), "the system hands out all from 1024 on");
  assert_int_equal(port, 4711);
}

static void a_system_that_assigns_all_ports_leaves_none_to_avoid_them(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports the system hands out");
  struct system_ports all[] = {{1024, 65535}, {1, 65535}};
  for (int i = 0; i < 2; ++i) in_network(avoid_everything, &all[i]);
}

static void ports_that_the_administrator_reserved_are_not_given(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports are reserved");
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50009");
  set_sysctl("net/ipv4/ip_local_reserved_ports", "50000-50003,50005,50008-50009");
  portend_finder* finder = new_finder();
  int ports[4];
  for (int i = 0; i < 20; ++i) {
    assert_status(portend_finder_find(finder, ports, 3), PORTEND_OK);
    assert_true(are_distinct(ports, 3));
    assert_int_equal(ports[0], 50004);
    assert_int_equal(ports[1], 50006);
    assert_int_equal(ports[2], 50007);
  }
  assert_status(portend_finder_find(finder, ports, 4), PORTEND_ERR_NO_PORT);
  /* Preferred ports are allowed even if reserved. */
  assert_status(portend_finder_add_preferred(finder, 50000, 50000), PORTEND_OK);
  assert_int_equal(find_one(finder), 50000);
  portend_finder* in_range = new_finder();
  assert_status(portend_finder_set_range(in_range, 50001, 50001), PORTEND_OK);
  assert_int_equal(find_one(in_range), 50001);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(options_have_a_range),
      alone(a_range_is_kept),
      alone(preferred_ports_come_first_and_in_order),
      alone(a_preferred_port_in_use_gives_way_to_the_next),
      alone(a_port_that_was_found_by_its_number_is_not_given_again_for_a_while),
      alone(only_preferred_ports_are_given_on_request),
      alone(excluded_ports_are_never_given),
      alone(family_and_host_say_which_sockets_are_in_the_way),
      alone(a_port_for_udp_is_free_for_both),
      tidy(ephemeral_ports_are_avoided_for_any_range),
      tidy(a_system_that_assigns_all_ports_leaves_none_to_avoid_them),
      alone(ports_that_the_administrator_reserved_are_not_given),
  };
  return cmocka_run_group_tests_name("portend_finder", tests, NULL, NULL);
}
