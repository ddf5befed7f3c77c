/* SPDX-License-Identifier: MIT */
/* A port that can be bound now. */
#include <portend/find.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"

static void a_port_of_this_machine_can_be_bound_in_all_forms(void** state) {
  (void)state;
  int taken = 0;
  for (int i = 0; i < 1500; ++i) {
    int port = 0;
    assert_status(portend_find_port(NULL, &port), PORTEND_OK);
    taken += can_bind_in_all_forms(port, strictly) ? 0 : 1;
  }
  /* Without a network of its own, another program may bind one meanwhile. */
  assert_in_range(taken, 0, 1);
}

static void a_port_of_a_host_can_be_bound_there(void** state) {
  (void)state;
  static const struct {
    const char* host;
    const char* addresses[2];
  } hosts[] = {
      {"127.0.0.1", {"127.0.0.1", NULL}}, {"::1", {"::1", NULL}},
      {"0.0.0.0", {"0.0.0.0", NULL}},     {"::", {"::", NULL}},
      {"127.0.0.7", {"127.0.0.7", NULL}}, {"localhost", {"127.0.0.1", "::1"}},
  };
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; ++i) {
    for (int j = 0; j < 50; ++j) {
      int port = 0;
      assert_status(portend_find_port(hosts[i].host, &port), PORTEND_OK);
      for (int k = 0; k < 2 && hosts[i].addresses[k] != NULL; ++k) {
        assert_true(can_bind(hosts[i].addresses[k], port, strictly));
      }
    }
  }
}

static void a_host_of_another_machine_has_no_port_here(void** state) {
  (void)state;
  const char* const hosts[] = {"192.0.2.1", "2001:db8::1"};
  for (int i = 0; i < 2; ++i) {
    int port = 4711;
    assert_status(portend_find_port(hosts[i], &port), PORTEND_ERR_NO_PORT);
    assert_contains(portend_last_error(), hosts[i]);
    assert_contains(portend_last_error(), "it is not an address of this machine");
    assert_int_equal(port, 4711);
  }
}

static void a_family_that_is_missing_is_left_out(void** state) {
  (void)state;
  set_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  for (int i = 0; i < 50; ++i) {
    int port = 0;
    assert_status(portend_find_port(NULL, &port), PORTEND_OK);
    assert_true(can_bind("0.0.0.0", port, strictly) && can_bind("127.0.0.1", port, strictly));
    assert_status(portend_find_port("localhost", &port), PORTEND_OK);
    assert_true(can_bind("127.0.0.1", port, strictly));
  }
  int port = 4711;
  assert_status(portend_find_port("::1", &port), PORTEND_ERR_NO_PORT);
  assert_int_equal(port, 4711);
}

/* Other processes replace one of some hundred sockets each millisecond, on few ports, so that a third of
 * the ports is always in use in some form. */
enum { churning_sockets = 120, churning_processes = 4, first_port = 50000, last_port = 51499 };

static int outgoing(int listener_port) {
  const int fd = bind_socket("127.0.0.1", 0, strictly);
  if (fd >= 0) close(fd);
  return connect_to("127.0.0.1", listener_port);
}

static int any_socket(int listener_port) {
  const int kind = rand() % (form_count + 1);
  if (kind == form_count) return outgoing(listener_port);
  const int fd = bind_socket(forms[kind].address, 0, forms[kind].options);
  assert_true(fd >= 0);
  return keep(fd);
}

static void churn(void* ready) {
  const int listener = listen_on("127.0.0.1", 0, strictly, churning_sockets);
  int sockets[churning_sockets];
  srand((unsigned)getpid());
  for (int i = 0; i < churning_sockets; ++i) sockets[i] = any_socket(port_of(listener));
  assert_int_equal(write(*(int*)ready, "x", 1), 1);
  for (;;) {
    const int i = rand() % churning_sockets;
    release(sockets[i]);
    sockets[i] = any_socket(port_of(listener));
    drain_queue(listener);
    sleep_ms(1);
  }
}

static void a_port_can_be_bound_beside_the_sockets_of_others(void** state) {
  (void)state;
  char range[32];
  snprintf(range, sizeof range, "%d %d", first_port, last_port);
  set_sysctl("net/ipv4/ip_local_port_range", range);
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  for (int i = 0; i < churning_processes; ++i) begin_child(churn, &ready[1]);
  for (int i = 0; i < churning_processes; ++i) {
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
  }
  enum { searches = 3000 };
  int failures = 0;
  for (int i = 0; i < searches; ++i) {
    int port = 0;
    assert_status(portend_find_port(NULL, &port), PORTEND_OK);
    failures += !can_bind_in_all_forms(port, strictly);
  }
  /* A found port is only a hint: occasionally another process takes it in between. A search that checked
   * only one family or form would fail for a tenth or more. */
  print_message("%d of %d ports were taken in between\n", failures, searches);
  assert_in_range(failures, 0, searches / 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      quiet(a_port_of_this_machine_can_be_bound_in_all_forms), quiet(a_port_of_a_host_can_be_bound_there),
      quiet(a_host_of_another_machine_has_no_port_here),       alone(a_family_that_is_missing_is_left_out),
      alone(a_port_can_be_bound_beside_the_sockets_of_others),
  };
  return cmocka_run_group_tests_name("portend_find_port", tests, NULL, NULL);
}
