/* SPDX-License-Identifier: MIT */
/* The start of a search, ports for names, blocks of ports, and ports for browsers. */
#include <stdio.h>
#include <string.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

static void assert_no_port(portend_finder* finder, const char* message_begins) {
  int port = 4711;
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_int_equal(port, 4711);
  assert_begins(portend_finder_message(finder), message_begins);
}

static void bad_values_change_nothing(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_from(finder, 20003), PORTEND_OK);
  const int no_ports[] = {0, -1, 65536};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_finder_set_from(finder, no_ports[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_add_preferred(finder, 20000, no_ports[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_add_excluded(finder, no_ports[i], 20010), PORTEND_ERR_INVALID);
  }
  assert_status(portend_finder_add_preferred(finder, 20001, 20000), PORTEND_ERR_INVALID);
  assert_contains(portend_finder_message(finder), "from 20001 to 20000 is empty");
  assert_status(portend_finder_set_name(finder, NULL), PORTEND_ERR_INVALID);
  assert_status(portend_finder_set_name(finder, ""), PORTEND_ERR_INVALID);
  assert_contains(portend_finder_message(finder), "The name is empty");
  const int no_flags[] = {-1, 2};
  for (int i = 0; i < 2; ++i) {
    assert_status(portend_finder_set_consecutive(finder, no_flags[i]), PORTEND_ERR_INVALID);
    assert_status(portend_finder_set_browser_safe(finder, no_flags[i]), PORTEND_ERR_INVALID);
  }
  assert_int_equal(portend_finder_errno(finder), 0);
  assert_int_equal(find_one(finder), 20003);
}

static void the_first_port_from_a_number_on_is_given(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_from(finder, 20000), PORTEND_OK);
  listen_on("::1", 20000, reusing_address, 1);
  listen_on("127.0.0.1", 20001, strictly, 1);
  keep(bind_socket("127.0.0.2", 20003, strictly));
  int ports[3];
  assert_status(portend_finder_find(finder, ports, 3), PORTEND_OK);
  assert_int_equal(ports[0], 20002);
  assert_int_equal(ports[1], 20004);
  assert_int_equal(ports[2], 20005);
  /* Ports that were found are not returned again as long as there are others. */
  assert_int_equal(find_one(finder), 20006);
  assert_int_equal(portend_reservation_port(new_reservation(finder)), 20002);
}

static void a_walk_from_a_number_ends_with_the_range(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_from(finder, 65534), PORTEND_OK);
  listen_on("::1", 65534, strictly, 1);
  assert_int_equal(find_one(finder), 65535);
  listen_on("::1", 65535, strictly, 1);
  assert_no_port(finder, "No port from 65534 to 65535 can be bound on this machine. (2 in use; port 65534: ");

  assert_status(portend_finder_set_range(finder, 20000, 20009), PORTEND_OK);
  assert_no_port(finder, "No port from 65534 on can be found: the first port is outside of the range");
  assert_status(portend_finder_set_from(finder, 20009), PORTEND_OK);
  assert_int_equal(find_one(finder), 20009);
  listen_on("::1", 20009, strictly, 1);
  assert_no_port(finder, "No port 20009 can be bound on this machine. (1 in use: ");
}

static void a_walk_passes_over_what_is_excluded(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_from(finder, 20000), PORTEND_OK);
  assert_status(portend_finder_add_excluded(finder, 20000, 20004), PORTEND_OK);
  assert_status(portend_finder_add_excluded(finder, 20006, 20006), PORTEND_OK);
  int ports[2];
  assert_status(portend_finder_find(finder, ports, 2), PORTEND_OK);
  assert_int_equal(ports[0], 20005);
  assert_int_equal(ports[1], 20007);
}

static int port_of_name(const char* name, int first, int last) {
  portend_finder* finder = new_finder();
  if (first > 0) assert_status(portend_finder_set_range(finder, first, last), PORTEND_OK);
  assert_status(portend_finder_set_name(finder, name), PORTEND_OK);
  const int port = find_one(finder);
  assert_int_equal(find_one(finder), port);
  assert_status(portend_finder_set_browser_safe(finder, 1), PORTEND_OK);
  assert_int_equal(find_one(finder), port);
  return port;
}

/* The mapping must never change: projects write these numbers down. */
static void a_name_has_its_port_on_every_machine(void** state) {
  (void)state;
  static const struct {
    const char* name;
    int first, last, port;
  } known[] = {
      {"portend", 0, 0, 17252},      {"shop", 0, 0, 27336},         {"/home/me/shop", 0, 0, 22772},
      {"shop", 20000, 29999, 28668}, {"shop", 50000, 50003, 50003}, {"\xc3\xa9t\xc3\xa9", 0, 0, 15745},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    const int port = port_of_name(known[i].name, known[i].first, known[i].last);
    assert_int_equal(port, known[i].port);
  }
}

static void names_are_spread_over_the_range(void** state) {
  (void)state;
  enum { names = 400 };
  int ports[names];
  for (int i = 0; i < names; ++i) {
    char name[32];
    snprintf(name, sizeof name, "project-%d", i);
    portend_finder* finder = new_finder();
    assert_status(portend_finder_set_name(finder, name), PORTEND_OK);
    ports[i] = find_one(finder);
    assert_in_range(ports[i], 10000, 29999);
  }
  /* Among 400 random ports of 20,000, about four are shared. So similar names are as good as any. */
  int shared = 0;
  for (int i = 0; i < names; ++i) {
    for (int j = 0; j < i; ++j) shared += ports[i] == ports[j];
  }
  assert_in_range(shared, 0, 16);
}

static void a_name_whose_port_is_in_use_gets_the_next_one(void** state) {
  (void)state;
  const int port = port_of_name("shop", 20000, 20003);
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 20000, 20003), PORTEND_OK);
  assert_status(portend_finder_set_from(finder, 20000), PORTEND_OK);
  assert_status(portend_finder_set_name(finder, "shop"), PORTEND_OK); /* replaces the start */
  int ports[4];
  assert_status(portend_finder_find(finder, ports, 4), PORTEND_OK);
  for (int i = 0; i < 4; ++i) assert_int_equal(ports[i], 20000 + (port - 20000 + i) % 4);
  listen_on("127.0.0.1", port, strictly, 1);
  assert_int_equal(find_one(finder), ports[1]);
}

static void ports_that_follow_one_another_are_given(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_consecutive(finder, 1), PORTEND_OK);
  int ports[20];
  for (int round = 0; round < 50; ++round) {
    assert_status(portend_finder_find(finder, ports, 20), PORTEND_OK);
    for (int i = 1; i < 20; ++i) assert_int_equal(ports[i], ports[0] + i);
    assert_true(can_bind_in_all_forms(ports[7], strictly));
  }
}

static void a_block_is_found_between_ports_in_use(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_consecutive(finder, 1), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 20000, 20019), PORTEND_OK);
  const int in_use[] = {20003, 20006, 20011, 20014, 20017};
  for (int i = 0; i < 5; ++i) listen_on("127.0.0.1", in_use[i], strictly, 1);
  int ports[5] = {4711, 0, 0, 0, 0};
  for (int i = 0; i < 10; ++i) {
    assert_status(portend_finder_find(finder, ports, 4), PORTEND_OK);
    assert_int_equal(ports[0], 20007);
  }
  ports[0] = 4711;
  assert_status(portend_finder_find(finder, ports, 5), PORTEND_ERR_NO_PORT);
  assert_int_equal(ports[0], 4711);
  assert_begins(
      portend_finder_message(finder),
      "No port from 20000 to 20019 can be bound on this machine as one of 5 in a row. (5 in use, 15 free; ");
  assert_status(portend_finder_set_from(finder, 20012), PORTEND_OK);
  assert_status(portend_finder_find(finder, ports, 2), PORTEND_OK);
  assert_int_equal(ports[0], 20012);
  assert_status(portend_finder_find(finder, ports, 21), PORTEND_ERR_NO_PORT);
}

static void a_block_begins_at_a_preferred_port(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_consecutive(finder, 1), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finder, 20000, 20003), PORTEND_OK);
  listen_on("127.0.0.1", 20001, strictly, 1);
  int ports[4];
  assert_status(portend_finder_find(finder, ports, 4), PORTEND_OK);
  assert_int_equal(ports[0], 20002);
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  assert_status(portend_finder_find(finder, ports, 2), PORTEND_OK);
  assert_int_equal(ports[0], 20002);
  assert_status(portend_finder_find(finder, ports, 3), PORTEND_ERR_NO_PORT);
}

static void a_block_is_reserved_as_a_whole(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  portend_reservation* reservations[8] = {NULL};
  assert_status(portend_finder_set_consecutive(finder, 1), PORTEND_OK);
  assert_status(portend_finder_set_host(finder, "127.0.0.1"), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 20000, 20015), PORTEND_OK);
  for (int half = 0; half < 2; ++half) {
    assert_status(portend_finder_set_from(finder, 20000), PORTEND_OK);
    assert_status(portend_reservation_create_many(finder, reservations, 8), PORTEND_OK);
    for (int i = 0; i < 8; ++i) {
      assert_int_equal(portend_reservation_port(reservations[i]), 20000 + 8 * half + i);
      at_end((void (*)(void*))portend_reservation_destroy, reservations[i]);
    }
  }
  portend_reservation* more[2] = {NULL};
  assert_status(portend_reservation_create_many(finder, more, 2), PORTEND_ERR_NO_PORT);
  assert_status(portend_reservation_create_many(finder, more, 0), PORTEND_ERR_INVALID);
  assert_null(more[0]);
}

static void ports_that_browsers_refuse_are_left_out(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_browser_safe(finder, 1), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 6660, 6672), PORTEND_OK);
  int ports[9];
  assert_status(portend_finder_find(finder, ports, 8), PORTEND_OK);
  for (int i = 0; i < 8; ++i) assert_false(ports[i] >= 6665 && ports[i] <= 6669);
  assert_status(portend_finder_find(finder, ports, 9), PORTEND_ERR_NO_PORT);
  assert_contains(portend_finder_message(finder), "(0 in use, 8 found already, 5 refused by browsers)");
  assert_status(portend_finder_add_preferred(finder, 10080, 10080), PORTEND_OK);
  assert_int_not_equal(find_one(finder), 10080);
  assert_status(portend_finder_set_browser_safe(finder, 0), PORTEND_OK);
  assert_int_equal(find_one(finder), 10080);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(bad_values_change_nothing),
      alone(the_first_port_from_a_number_on_is_given),
      alone(a_walk_from_a_number_ends_with_the_range),
      alone(a_walk_passes_over_what_is_excluded),
      alone(a_name_has_its_port_on_every_machine),
      alone(names_are_spread_over_the_range),
      alone(a_name_whose_port_is_in_use_gets_the_next_one),
      alone(ports_that_follow_one_another_are_given),
      alone(a_block_is_found_between_ports_in_use),
      alone(a_block_begins_at_a_preferred_port),
      alone(a_block_is_reserved_as_a_whole),
      alone(ports_that_browsers_refuse_are_left_out),
  };
  return cmocka_run_group_tests_name("options of a finder", tests, NULL, NULL);
}
