/* SPDX-License-Identifier: MIT */
/* Ports with TIME_WAIT or connections that a server left. A server that sets SO_REUSEADDR may bind them,
 * so they are returned to callers that named them. Reservations still exclude each other there. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/socket.h"
#include "support/ways.h"

/* Returns a port whose server closed its only connection before the client did. */
static int port_in_time_wait(const char* address) {
  const int server = listen_on(address, 0, reusing_address, 1);
  const int port = port_of(server);
  const int client = connect_to(address, port);
  assert_int_equal(drain_queue(server), 1);
  release(server);
  release(client);
  assert_true(count_time_wait(port) > 0);
  assert_false(can_bind(address, port, strictly));
  return port;
}

/* The same, but the client does not close: the server's side stays in FIN_WAIT_2. */
static int port_in_fin_wait(const char* address) {
  const int server = listen_on(address, 0, reusing_address, 1);
  connect_to(address, port_of(server));
  assert_int_equal(drain_queue(server), 1);
  const int port = port_of(server);
  release(server);
  assert_false(can_bind(address, port, strictly));
  return port;
}

static portend_finder* finder_for(int port) {
  portend_finder* finder = new_finder();
  assert_status(portend_finder_add_preferred(finder, port, port), PORTEND_OK);
  assert_status(portend_finder_set_only_preferred(finder, 1), PORTEND_OK);
  return finder;
}

static void assert_is_taken(portend_finder* finder) {
  portend_reservation* reservation = NULL;
  assert_status(portend_reservation_create(finder, &reservation), PORTEND_ERR_NO_PORT);
  assert_null(reservation);
}

static void skip_if_all_is_strict(void) {
  if (is_portable()) skip_because("this build has no guard, and so binds strictly");
}

static void a_server_is_given_the_port_of_its_predecessor(void** state) {
  (void)state;
  skip_if_all_is_strict();
  const char* const addresses[] = {"127.0.0.1", "::1"};
  for (int i = 0; i < 4; ++i) {
    const char* address = addresses[i % 2];
    const int port = i < 2 ? port_in_time_wait(address) : port_in_fin_wait(address);
    portend_finder* finder = finder_for(port);
    assert_int_equal(find_one(finder), port);
    portend_reservation* reservation = new_reservation(finder);
    assert_int_equal(portend_reservation_port(reservation), port);
    for (int form = 0; form < form_count; ++form) {
      release(listen_on(forms[form].address, port, forms[form].options | reusing_address, 1));
    }
    assert_status(portend_reservation_listen(reservation, 1), PORTEND_OK);
    connect_to(address, port);
    assert_int_equal(drain_queue(portend_reservation_fd(reservation, 0)), 1);
  }
}

static void two_reservations_exclude_each_other(void** state) {
  (void)state;
  skip_if_all_is_strict();
  const char* const hosts[] = {NULL, "127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "127.0.0.9"};
  for (size_t first = 0; first < sizeof hosts / sizeof *hosts; ++first) {
    const int port = port_in_time_wait(first % 2 == 0 ? "127.0.0.1" : "::1");
    portend_finder* finder = finder_for(port);
    assert_status(portend_finder_set_host(finder, hosts[first]), PORTEND_OK);
    portend_reservation* reservation = NULL;
    assert_status(portend_reservation_create(finder, &reservation), PORTEND_OK);
    for (size_t second = 0; second < sizeof hosts / sizeof *hosts; ++second) {
      assert_status(portend_finder_set_host(finder, hosts[second]), PORTEND_OK);
      assert_is_taken(finder);
    }
    /* A server that binds the port and closes it again changes nothing. */
    release(listen_on("127.0.0.1", port, reusing_address, 1));
    assert_is_taken(finder);
    portend_reservation_destroy(reservation);
    assert_int_equal(portend_reservation_port(new_reservation(finder)), port);
  }
}

static void what_another_program_has_bound_is_not_reserved(void** state) {
  (void)state;
  if (looks_by_connecting()) skip_because("sockets that are bound without listening are not listed");
  const char* const addresses[] = {"127.0.0.1", "::1", "127.0.0.2"};
  for (int i = 0; i < 3; ++i) {
    const int port = port_in_time_wait("127.0.0.1");
    portend_finder* finder = finder_for(port);
    const int bound = keep(bind_socket(addresses[i], port, reusing_address));
    if (!can_bind("127.0.0.8", port, reusing_address)) skip_because("the port is not shared here");
    assert_is_taken(finder);
    assert_contains(portend_finder_message(finder), "has it bound without listening");
    release(bound);
    assert_int_equal(portend_reservation_port(new_reservation(finder)), port);
  }
}

static void a_listener_and_an_outgoing_connection_keep_the_port(void** state) {
  (void)state;
  const char* const addresses[] = {"127.0.0.1", "::1", "127.0.0.2"};
  for (int i = 0; i < 3; ++i) {
    const int server = listen_on(addresses[i], 0, reusing_address, 1);
    assert_is_taken(finder_for(port_of(server)));
    const int client = connect_to(addresses[i], port_of(server));
    assert_is_taken(finder_for(port_of(client)));
    int port = 4711;
    assert_status(portend_finder_find(finder_for(port_of(client)), &port, 1), PORTEND_ERR_NO_PORT);
    assert_int_equal(port, 4711);
  }
}

static void a_port_that_was_not_requested_by_number_has_no_leftovers(void** state) {
  (void)state;
  const int port = port_in_time_wait("127.0.0.1");
  portend_finder* finder = new_finder();
  enum { others = 9 }; /* other programs may use some of them */
  const int first = port + others <= 65535 ? port : port - others;
  assert_status(portend_finder_set_range(finder, first, first + others), PORTEND_OK);
  for (int i = 0; i < 20; ++i) assert_int_not_equal(find_one(finder), port);
}

static void a_range_gives_such_a_port_if_it_has_no_other(void** state) {
  (void)state;
  skip_if_all_is_strict();
  const int port = port_in_time_wait("::1");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, port, port), PORTEND_OK);
  assert_int_equal(find_one(finder), port);
  assert_int_equal(portend_reservation_port(new_reservation(finder)), port);
  assert_is_taken(finder);
}

static void a_parked_port_is_given_to_those_who_name_it(void** state) {
  (void)state;
  skip_if_all_is_strict();
  portend_reservation* reservation = new_reservation(NULL);
  assert_status(portend_reservation_park(reservation, NULL), PORTEND_OK);
  const int port = portend_reservation_port(reservation);
  portend_finder* finder = finder_for(port);
  assert_int_equal(find_one(finder), port);
  portend_reservation* second = new_reservation(finder);
  assert_int_equal(portend_reservation_port(second), port);
  assert_is_taken(finder);
  assert_status(portend_reservation_park(second, NULL), PORTEND_OK);
  assert_int_equal(find_one(finder), port);
}

static void udp_leaks_nothing_and_is_bound_strictly(void** state) {
  (void)state;
  skip_if_all_is_strict();
  const int port = port_in_time_wait("127.0.0.1");
  portend_finder* finder = finder_for(port);
  assert_status(portend_finder_set_udp(finder, 1), PORTEND_OK);
  const int taken = keep(bind_socket("::1", port, over_udp | reusing_address));
  assert_is_taken(finder);
  release(taken);
  new_reservation(finder);
  assert_true(cannot_bind_in_any_form(port, over_udp | reusing_address));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      quiet(a_server_is_given_the_port_of_its_predecessor),
      quiet(two_reservations_exclude_each_other),
      quiet(what_another_program_has_bound_is_not_reserved),
      quiet(a_listener_and_an_outgoing_connection_keep_the_port),
      quiet(a_port_that_was_not_requested_by_number_has_no_leftovers),
      quiet(a_range_gives_such_a_port_if_it_has_no_other),
      quiet(a_parked_port_is_given_to_those_who_name_it),
      quiet(udp_leaks_nothing_and_is_bound_strictly),
  };
  return cmocka_run_group_tests_name("ports with something left on them", tests, NULL, NULL);
}
