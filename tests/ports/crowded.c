/* SPDX-License-Identifier: MIT */
/* Ranges with hardly any free port, or without a permitted one. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

enum { first_port = 20000, last_port = 20999, free_port = 20617 };

struct crowd {
  const char* address;
  int options;
  bool listens;
  portend_family hidden; /* a search for this family does not see the socket; ANY: all see it */
};

static void occupy(const struct crowd* crowd) {
  for (int port = first_port; port <= last_port; ++port) {
    if (port == free_port) continue;
    const int fd = bind_socket(crowd->address, port, crowd->options);
    assert_true(fd >= 0);
    keep(fd);
    if (crowd->listens) assert_int_equal(listen(fd, 1), 0);
  }
}

static portend_finder* finder_in_crowd(portend_family family) {
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, first_port, last_port), PORTEND_OK);
  assert_status(portend_finder_set_family(finder, family), PORTEND_OK);
  return finder;
}

static void find_in_crowd(void* context) {
  const struct crowd* crowd = context;
  assert_true(allow_descriptors(2100));
  occupy(crowd);
  const portend_family families[] = {PORTEND_FAMILY_ANY, PORTEND_FAMILY_IPV4, PORTEND_FAMILY_IPV6};
  for (int i = 0; i < 3; ++i) {
    portend_finder* finder = finder_in_crowd(families[i]);
    const int port = find_one(finder);
    if (families[i] == crowd->hidden && families[i] != PORTEND_FAMILY_ANY) {
      assert_in_range(port, first_port, last_port);
      continue;
    }
    assert_int_equal(port, free_port);
    int ports[2] = {4711, 4711};
    assert_status(portend_finder_find(finder, ports, 2), PORTEND_ERR_NO_PORT);
    assert_begins(portend_finder_message(finder), "After 1, no further port from 20000 to 20999");
    assert_int_equal(ports[0], 4711);
  }
}

static void the_only_free_port_is_found(void** state) {
  (void)state;
  static const struct crowd crowds[] = {
      {"127.0.0.1", strictly, true, PORTEND_FAMILY_IPV6}, {"127.0.0.1", strictly, false, PORTEND_FAMILY_IPV6},
      {"0.0.0.0", strictly, true, PORTEND_FAMILY_IPV6},   {"127.0.0.2", strictly, false, PORTEND_FAMILY_IPV6},
      {"::1", strictly, true, PORTEND_FAMILY_IPV4},       {"::1", strictly, false, PORTEND_FAMILY_IPV4},
      {"::", strictly, true, PORTEND_FAMILY_IPV4},        {"::", dual_stack, true, PORTEND_FAMILY_ANY},
      {"::", dual_stack, false, PORTEND_FAMILY_ANY},
  };
  for (size_t i = 0; i < sizeof crowds / sizeof *crowds; ++i) {
    struct crowd crowd = crowds[i];
    in_network(find_in_crowd, &crowd);
  }
}

static void the_only_free_port_of_the_system_is_found(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build does not know which ports the system hands out");
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50099");
  for (int port = 50000; port < 50100; ++port) {
    if (port != 50042) keep(bind_socket(port % 2 == 0 ? "127.0.0.1" : "::1", port, strictly));
  }
  int port = 0;
  assert_status(portend_find_port(NULL, &port), PORTEND_OK);
  assert_int_equal(port, 50042);
}

static void a_full_range_is_reported_with_what_was_tried(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 20000, 20009), PORTEND_OK);
  for (int port = 20000; port < 20010; ++port) {
    keep(bind_socket(port % 2 == 0 ? "127.0.0.1" : "::1", port, strictly));
  }
  int port = 4711;
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_begins(portend_finder_message(finder),
                "No port from 20000 to 20009 can be bound on this machine. (10 in use; port 20000: ");
  assert_string_equal(portend_last_error(), portend_finder_message(finder));
  portend_reservation* reservation = NULL;
  assert_status(portend_reservation_create(finder, &reservation), PORTEND_ERR_NO_PORT);
  assert_null(reservation);
  assert_int_equal(port, 4711);
}

static void ports_that_need_a_privilege_are_passed_over_and_explained(void** state) {
  (void)state;
  become_nobody();
  portend_finder* finder = new_finder();
  int port = 4711;
  assert_status(portend_finder_set_range(finder, 1, 1023), PORTEND_OK);
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_string_equal(portend_finder_message(finder),
                      "No port from 1 to 1023 can be bound on this machine. (0 in use, 1023 not permitted: "
                      "ports below 1024 need a privilege)");
  assert_int_equal(port, 4711);
  assert_status(portend_finder_set_range(finder, 1, 1026), PORTEND_OK);
  for (int i = 0; i < 10; ++i) assert_in_range(find_one(finder), 1024, 1026);
  assert_status(portend_finder_add_preferred(finder, 80, 80), PORTEND_OK);
  assert_in_range(find_one(finder), 1024, 1026);
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_contains(portend_finder_message(finder), "No preferred port (80)");
  assert_contains(portend_finder_message(finder), "1 not permitted");
}

static void whoever_has_the_privilege_gets_them(void** state) {
  (void)state;
  if (geteuid() != 0) skip_because("only root has the privilege");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 1, 1023), PORTEND_OK);
  for (int i = 0; i < 10; ++i) assert_in_range(find_one(finder), 1, 1023);
}

static void a_range_can_be_had_as_a_whole(void** state) {
  (void)state;
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50003");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 50000, 50003), PORTEND_OK);
  int ports[4];
  for (int i = 0; i < 20; ++i) {
    assert_status(portend_finder_find(finder, ports, 4), PORTEND_OK);
    assert_true(are_distinct(ports, 4));
    assert_true(ports[0] == 50000 && ports[3] == 50003);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(the_only_free_port_is_found),
      alone(the_only_free_port_of_the_system_is_found),
      alone(a_full_range_is_reported_with_what_was_tried),
      alone(ports_that_need_a_privilege_are_passed_over_and_explained),
      quiet(whoever_has_the_privilege_gets_them),
      alone(a_range_can_be_had_as_a_whole),
  };
  return cmocka_run_group_tests_name("crowded ranges", tests, NULL, NULL);
}
