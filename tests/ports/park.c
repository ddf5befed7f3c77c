/* SPDX-License-Identifier: MIT */
/* A port that stays in TIME_WAIT, for a server that starts later. */
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

struct visit {
  const char* address;
  int port;
  int* is_over;
};

static portend_reservation* parked(portend_finder* finder) {
  portend_reservation* reservation = new_reservation(finder);
  int seconds = 0;
  assert_status(portend_reservation_park(reservation, &seconds), PORTEND_OK);
  assert_int_equal(seconds, 60);
  return reservation;
}

static void a_parked_port_needs_no_descriptor_and_keeps_others_off(void** state) {
  (void)state;
  const int descriptors = open_descriptors();
  portend_reservation* reservation = parked(NULL);
  const int port = portend_reservation_port(reservation);
  assert_int_equal(open_descriptors(), descriptors);
  assert_int_equal(portend_reservation_fd_count(reservation), 0);
  assert_int_equal(portend_reservation_fd(reservation, 0), -1);
  assert_int_equal(count_time_wait(port), 2);
  assert_true(cannot_bind_in_forms(port, strictly, usual_form_count));
  assert_true(can_bind_in_all_forms(port, reusing_address));
  assert_status(portend_free("localhost", port, 0), PORTEND_OK);
  assert_begins(portend_reservation_explain(reservation), "Port ");
  assert_contains(portend_reservation_explain(reservation), "is parked in TIME_WAIT for 60 seconds");
  assert_contains(portend_reservation_explain(reservation), "SO_REUSEADDR");
}

static void park_one_of_four(void* unused) {
  (void)unused;
  set_sysctl("net/ipv4/ip_local_port_range", "50000 50003");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_range(finder, 50000, 50003), PORTEND_OK);
  assert_never_handed_out(portend_reservation_port(parked(finder)), usual_form_count);
}

static void the_system_assigns_a_parked_port_to_no_process(void** state) {
  (void)state;
  for (int i = 0; i < 4; ++i) in_network(park_one_of_four, NULL);
}

static void park_and_end(void* port) { *(int*)port = portend_reservation_port(parked(NULL)); }

static void a_server_that_starts_after_the_process_has_ended_gets_it(void** state) {
  (void)state;
  int* port = mmap(NULL, sizeof *port, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  in_child(park_and_end, port);
  assert_true(cannot_bind_in_forms(*port, strictly, usual_form_count));
  for (int i = 0; i < form_count; ++i) {
    const int server = listen_on(forms[i].address, *port, forms[i].options | reusing_address, 8);
    release(server);
  }
  const int server = listen_on("::", *port, dual_stack | reusing_address, 8);
  connect_to("127.0.0.1", *port);
  connect_to("::1", *port);
  assert_int_equal(drain_queue(server), 2);
}

static void what_was_parked_holds_nothing_any_more(void** state) {
  (void)state;
  portend_reservation* reservation = parked(NULL);
  int seconds = 4711;
  assert_status(portend_reservation_park(reservation, &seconds), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "was parked");
  assert_status(portend_reservation_listen(reservation, 1), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "was parked");
  assert_int_equal(seconds, 4711);
  assert_status(portend_reservation_park(new_reservation(NULL), NULL), PORTEND_OK);
}

static void a_port_that_a_server_has_already_stays_held(void** state) {
  (void)state;
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  const int server = listen_on("127.0.0.1", port, reusing_address, 8);
  int seconds = 4711;
  assert_status(portend_reservation_park(reservation, &seconds), PORTEND_ERR_SYSTEM);
  assert_contains(portend_last_error(), "in use");
  assert_int_equal(seconds, 4711);
  assert_int_equal(portend_reservation_fd_count(reservation), 1);
  assert_contains(portend_reservation_explain(reservation), "is reserved");
  release(server);
  assert_true(cannot_bind_in_forms(port, strictly, usual_form_count));
  assert_status(portend_reservation_park(reservation, &seconds), PORTEND_OK);
}

static void a_port_of_one_address_is_parked_on_all(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_host(finder, "127.0.0.9"), PORTEND_OK);
  const int port = portend_reservation_port(parked(finder));
  assert_true(cannot_bind_in_forms(port, strictly, usual_form_count));
  assert_false(can_bind("127.0.0.9", port, strictly));
  assert_true(can_bind("127.0.0.9", port, reusing_address));
  assert_status(portend_finder_set_host(finder, "::1"), PORTEND_OK);
  assert_status(portend_finder_set_udp(finder, 1), PORTEND_OK);
  assert_true(cannot_bind_in_forms(portend_reservation_port(parked(finder)), strictly, usual_form_count));
}

static void a_machine_without_ipv6_can_park(void** state) {
  (void)state;
  set_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  const int port = portend_reservation_port(parked(NULL));
  assert_int_equal(count_time_wait(port), 1);
  assert_false(can_bind("127.0.0.1", port, strictly) || can_bind("0.0.0.0", port, strictly));
}

static void a_machine_without_loopback_cannot_park(void** state) {
  (void)state;
  const int64_t began = now_ms();
  take_down("lo");
  portend_reservation* reservation = new_reservation(NULL);
  int seconds = 4711;
  assert_status(portend_reservation_park(reservation, &seconds), PORTEND_ERR_UNSUPPORTED);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_int_equal(seconds, 4711);
  assert_int_equal(portend_reservation_fd_count(reservation), 1);
}

static void* connect_all_the_time(void* context) {
  const struct visit* visit = context;
  int accepted = 0;
  while (__atomic_load_n(visit->is_over, __ATOMIC_SEQ_CST) == 0) {
    const int connection = try_to_connect(visit->address, visit->port);
    accepted += connection >= 0;
    if (connection >= 0) close(connection);
  }
  return (void*)(intptr_t)accepted;
}

/* Another address of this machine represents another machine. */
static void a_port_that_is_being_parked_is_not_open_to_others(void** state) {
  (void)state;
  if (is_portable()) skip_because("this build cannot reserve the port again");
  int is_over = 0;
  portend_reservation* reservation = new_reservation(NULL);
  const struct visit visit = {"127.0.0.9", portend_reservation_port(reservation), &is_over};
  pthread_t visitor;
  assert_int_equal(pthread_create(&visitor, NULL, connect_all_the_time, (void*)&visit), 0);
  for (int i = 0; i < 200; ++i) {
    assert_status(portend_reservation_park(reservation, NULL), PORTEND_OK);
    portend_finder* finder = new_finder();
    assert_status(portend_finder_add_preferred(finder, visit.port, visit.port), PORTEND_OK);
    reservation = new_reservation(finder);
  }
  __atomic_store_n(&is_over, 1, __ATOMIC_SEQ_CST);
  void* accepted = NULL;
  pthread_join(visitor, &accepted);
  assert_int_equal((intptr_t)accepted, 0);
}

static void many_ports_can_be_parked(void** state) {
  (void)state;
  enum { many = 200 };
  int ports[many];
  for (int i = 0; i < many; ++i) ports[i] = portend_reservation_port(parked(NULL));
  for (int i = 0; i < many; ++i) assert_false(can_bind("::", ports[i], dual_stack));
  assert_true(are_distinct(ports, many));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      quiet(a_parked_port_needs_no_descriptor_and_keeps_others_off),
      tidy(the_system_assigns_a_parked_port_to_no_process),
      quiet(a_server_that_starts_after_the_process_has_ended_gets_it),
      quiet(what_was_parked_holds_nothing_any_more),
      quiet(a_port_that_a_server_has_already_stays_held),
      quiet(a_port_of_one_address_is_parked_on_all),
      alone(a_machine_without_ipv6_can_park),
      alone(a_machine_without_loopback_cannot_park),
      quiet(a_port_that_is_being_parked_is_not_open_to_others),
      quiet(many_ports_can_be_parked),
  };
  return cmocka_run_group_tests_name("portend_reservation_park", tests, NULL, NULL);
}
