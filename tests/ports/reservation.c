/* SPDX-License-Identifier: MIT */
/* A port that the system assigns to no other program while the reservation lives. */
#include <portend/reservation.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"

static void hold_one_of_four(void* unused) {
  (void)unused;
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50003");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 50000, 50003), PORTEND_OK);
  const int port = portend_reservation_port(new_reservation(finder));
  assert_in_range(port, 50000, 50003);
  assert_never_handed_out(port, form_count);
}

static void the_system_assigns_a_reserved_port_to_no_process(void** state) {
  (void)state;
  for (int i = 0; i < 4; ++i) in_network(hold_one_of_four, NULL);
}

static void a_reserved_port_refuses_and_cannot_be_taken(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  assert_int_equal(portend_reservation_fd_count(reservation), 1);
  assert_status(portend_occupied("localhost", port, 0), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_last_error(), "refused by");
  assert_status(portend_free("localhost", port, 0), PORTEND_OK);
  assert_true(cannot_bind_in_any_form(port, strictly));
  assert_true(can_bind_in_all_forms(port, reusing_address));

  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, port, port), PORTEND_OK);
  int found = 4711;
  assert_status(portend_finder_find(finder, &found, 1), PORTEND_ERR_NO_PORT);
  portend_reservation* second = NULL;
  assert_status(portend_reservation_create(finder, &second), PORTEND_ERR_NO_PORT);
  assert_null(second);
}

static void a_server_that_sets_reuseaddr_serves_meanwhile(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  for (int i = 0; i < form_count; ++i) {
    const int server = listen_on(forms[i].address, port, forms[i].options | reusing_address, 8);
    const bool takes_v4 = forms[i].address[0] != ':' || forms[i].options == dual_stack;
    const char* address = forms[i].address[0] == '1' ? forms[i].address : takes_v4 ? "127.0.0.1" : "::1";
    connect_to(address, port);
    assert_int_equal(drain_queue(server), 1);
    release(server);
  }
  /* After the server has closed, the port is kept as before. */
  assert_status(portend_free("localhost", port, generous_ms), PORTEND_OK);
  assert_contains(portend_reservation_explain(reservation), "is reserved");
}

static void a_descriptor_can_be_listened_on_for_both_families(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  const int fd = portend_reservation_fd(reservation, 0);
  assert_int_equal(port_of(fd), port);
  assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  assert_int_equal(portend_reservation_fd(reservation, 1), -1);
  assert_int_equal(portend_reservation_fd(reservation, -1), -1);
  assert_int_equal(portend_reservation_fd(reservation, INT_MAX), -1);

  assert_int_equal(listen(fd, 8), 0);
  connect_to("127.0.0.1", port);
  connect_to("::1", port);
  assert_int_equal(drain_queue(fd), 2);
}

static void accept_two(void* fd) {
  for (int i = 0; i < 2; ++i) {
    const int connection = accept(*(int*)fd, NULL, NULL);
    assert_true(connection >= 0);
    assert_int_equal(write(connection, "hello", 5), 5);
    close(connection);
  }
}

static void a_child_accepts_on_a_descriptor_that_it_inherits(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  int fd = portend_reservation_fd(reservation, 0);
  assert_status(portend_reservation_listen(reservation, 8), PORTEND_OK);
  assert_contains(portend_reservation_explain(reservation), "listens");
  assert_true(cannot_bind_in_any_form(port, reusing_address));
  /* Connections that come before the child accepts are queued. */
  const int clients[] = {connect_to("127.0.0.1", port), connect_to("::1", port)};
  const pid_t child = begin_child(accept_two, &fd);
  for (int i = 0; i < 2; ++i) {
    char text[5];
    assert_int_equal(recv(clients[i], text, sizeof text, MSG_WAITALL), 5);
    assert_memory_equal(text, "hello", 5);
  }
  await_child(child);
}

static void accept_one(void* fd) { close(accept(*(int*)fd, NULL, NULL)); }

/* While the parent keeps the sockets, clients of a child that has ended still connect, and get no answer. */
static void the_listener_of_a_child_ends_with_it_if_the_parent_closed_the_reservation(void** state) {
  (void)state;
  for (int keeps = 0; keeps < 2; ++keeps) {
    portend_reservation* reservation = NULL;
    assert_status(portend_reservation_create(NULL, &reservation), PORTEND_OK);
    const int port = portend_reservation_port(reservation);
    int fd = portend_reservation_fd(reservation, 0);
    assert_status(portend_reservation_listen(reservation, 8), PORTEND_OK);
    const pid_t child = begin_child(accept_one, &fd);
    if (!keeps) portend_reservation_destroy(reservation);
    connect_to("127.0.0.1", port);
    await_child(child);
    assert_status(portend_occupied("127.0.0.1", port, 0), keeps ? PORTEND_OK : PORTEND_ERR_TIMEOUT);
    if (keeps) portend_reservation_destroy(reservation);
  }
}

static void a_backlog_is_at_least_one(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int backlogs[] = {0, -1, INT_MIN};
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_reservation_listen(reservation, backlogs[i]), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "backlog");
  }
  assert_status(portend_occupied("localhost", portend_reservation_port(reservation), 0), PORTEND_ERR_TIMEOUT);
  assert_status(portend_reservation_listen(reservation, INT_MAX), PORTEND_OK);
  assert_status(portend_reservation_listen(reservation, 1), PORTEND_OK);
  assert_status(portend_occupied("localhost", portend_reservation_port(reservation), 0), PORTEND_OK);
  assert_status(portend_reservation_park(reservation, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "listens");
  assert_status(portend_reservation_inherit(reservation), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "listens: hand its descriptors over");
}

static void ports_in_a_row_are_reserved_together(void** state) {
  (void)state;
  enum { count = 3 };
  portend_finder* finder = new_finder();
  portend_reservation* reservations[count];
  assert_status(portend_finder_set_host(finder, "*"), PORTEND_OK);
  assert_status(portend_finder_set_consecutive(finder, 1), PORTEND_OK);
  assert_status(portend_reservation_create_many(finder, reservations, count), PORTEND_OK);
  const int first = portend_reservation_port(reservations[0]);
  for (int i = 0; i < count; ++i) {
    assert_int_equal(portend_reservation_port(reservations[i]), first + i);
    assert_true(cannot_bind_in_any_form(first + i, strictly));
    portend_reservation_destroy(reservations[i]);
  }
}

static void whoever_duplicates_a_descriptor_keeps_it(void** state) {
  (void)state;
  portend_reservation* reservation = NULL;
  assert_status(portend_reservation_create(NULL, &reservation), PORTEND_OK);
  const int port = portend_reservation_port(reservation);
  const int kept = keep(dup(portend_reservation_fd(reservation, 0)));
  portend_reservation_destroy(reservation);
  assert_int_equal(port_of(kept), port);
  assert_true(cannot_bind_in_any_form(port, strictly));
  release(kept);
  assert_true(can_bind_in_all_forms(port, strictly));
}

static void reserve_on(const char* host, portend_family family, const char* const* addresses, int count) {
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_host(finder, host), PORTEND_OK);
  assert_status(portend_finder_set_family(finder, family), PORTEND_OK);
  portend_reservation* reservation = new_reservation(finder);
  const int port = portend_reservation_port(reservation);
  assert_int_equal(portend_reservation_fd_count(reservation), count);
  assert_true(cannot_bind_in_any_form(port, strictly));
  assert_true(can_bind_in_all_forms(port, reusing_address));
  assert_status(portend_reservation_listen(reservation, 8), PORTEND_OK);
  for (int i = 0; i < count; ++i) {
    const int fd = portend_reservation_fd(reservation, i);
    assert_int_equal(port_of(fd), port);
    connect_to(addresses[i], port);
    assert_int_equal(drain_queue(fd), 1);
  }
}

static void each_address_of_a_host_has_a_socket_and_the_port_is_kept_everywhere(void** state) {
  (void)state;
  const char* const loopback[] = {"127.0.0.1", "::1"};
  const char* const other[] = {"127.0.0.9"};
  reserve_on("localhost", PORTEND_FAMILY_ANY, loopback, 2);
  reserve_on("127.0.0.1", PORTEND_FAMILY_ANY, loopback, 1);
  reserve_on("localhost", PORTEND_FAMILY_IPV4, loopback, 1);
  reserve_on("localhost", PORTEND_FAMILY_IPV6, loopback + 1, 1);
  reserve_on("0.0.0.0", PORTEND_FAMILY_ANY, loopback, 1);
  reserve_on("::", PORTEND_FAMILY_ANY, loopback + 1, 1);
  reserve_on("127.0.0.9", PORTEND_FAMILY_ANY, other, 1);
  reserve_on(NULL, PORTEND_FAMILY_IPV4, loopback, 1);
  reserve_on(NULL, PORTEND_FAMILY_IPV6, loopback + 1, 1);
}

static void a_reservation_follows_the_options_of_the_finder(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_add_preferred(finder, 20007, 20007), PORTEND_OK);
  assert_status(portend_finder_set_range(finder, 20000, 20001), PORTEND_OK);
  assert_status(portend_finder_set_udp(finder, 1), PORTEND_OK);
  const int wanted[] = {20007, 20000, 20001};
  int ports[3];
  for (int i = 0; i < 3; ++i) ports[i] = portend_reservation_port(new_reservation(finder));
  assert_int_equal(ports[0], wanted[0]);
  for (int i = 0; i < 3; ++i) {
    assert_true(cannot_bind_in_any_form(ports[i], strictly));
    assert_true(cannot_bind_in_any_form(ports[i], over_udp));
    assert_true(cannot_bind_in_any_form(ports[i], over_udp | reusing_address));
  }
  assert_true(are_distinct(ports, 3));
  portend_reservation* fourth = NULL;
  assert_status(portend_reservation_create(finder, &fourth), PORTEND_ERR_NO_PORT);
}

static void many_reservations_live_at_a_time_and_survive_their_finder(void** state) {
  (void)state;
  enum { many = 500 };
  assert_true(allow_descriptors(many + 100));
  int ports[many];
  portend_finder* finder = NULL;
  assert_status(portend_finder_create(&finder), PORTEND_OK);
  for (int i = 0; i < many; ++i) ports[i] = portend_reservation_port(new_reservation(finder));
  portend_finder_destroy(finder);
  for (int i = 0; i < many; i += 10) assert_true(cannot_bind_in_any_form(ports[i], strictly));
  assert_true(are_distinct(ports, many));
}

static void it_says_how_the_port_is_held_and_how_long(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 20000, 20000), PORTEND_OK);
  portend_reservation* reservation = new_reservation(finder);
  assert_begins(portend_reservation_explain(reservation),
                "Port 20000 is reserved as long as this reservation lives: ");
  assert_contains(portend_reservation_explain(reservation), "SO_REUSEADDR");
}

static void a_machine_without_ipv6_can_reserve(void** state) {
  (void)state;
  set_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  assert_false(can_bind("127.0.0.1", port, strictly) || can_bind("0.0.0.0", port, strictly));
  assert_status(portend_reservation_listen(reservation, 8), PORTEND_OK);
  connect_to("127.0.0.1", port);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(the_system_assigns_a_reserved_port_to_no_process),
      quiet(a_reserved_port_refuses_and_cannot_be_taken),
      quiet(a_server_that_sets_reuseaddr_serves_meanwhile),
      quiet(a_descriptor_can_be_listened_on_for_both_families),
      quiet(a_child_accepts_on_a_descriptor_that_it_inherits),
      quiet(the_listener_of_a_child_ends_with_it_if_the_parent_closed_the_reservation),
      quiet(a_backlog_is_at_least_one),
      quiet(ports_in_a_row_are_reserved_together),
      quiet(whoever_duplicates_a_descriptor_keeps_it),
      quiet(each_address_of_a_host_has_a_socket_and_the_port_is_kept_everywhere),
      alone(a_reservation_follows_the_options_of_the_finder),
      quiet(many_reservations_live_at_a_time_and_survive_their_finder),
      alone(it_says_how_the_port_is_held_and_how_long),
      alone(a_machine_without_ipv6_can_reserve),
  };
  return cmocka_run_group_tests_name("portend_reservation", tests, NULL, NULL);
}
