/* SPDX-License-Identifier: MIT */
/* A security policy refuses something a search needs: the search works without it, or reports what was
 * refused. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/denial.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

static const int policy_errors[] = {EPERM, EACCES, ENOSYS};
enum { policy_error_count = 3 };

static portend_finder* finder_on(const char* host) {
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_host(finder, host), PORTEND_OK);
  return finder;
}

static void do_without_ipv6(void* error) {
  const struct denial what = {SYS_socket, AF_INET6, *(const int*)error};
  deny(&what);
  const char* const hosts[] = {NULL, "localhost", "127.0.0.1"};
  for (int i = 0; i < 3; ++i) {
    int port = 0;
    assert_status(portend_find_port(hosts[i], &port), PORTEND_OK);
    assert_true(can_bind("127.0.0.1", port, strictly));
    portend_finder* finder = finder_on(hosts[i]);
    portend_reservation* reservation = new_reservation(finder);
    assert_int_equal(portend_reservation_fd_count(reservation), 1);
    port = portend_reservation_port(reservation);
    assert_false(can_bind("127.0.0.1", port, strictly));
    assert_status(portend_reservation_park(reservation, NULL), PORTEND_OK);
    assert_false(can_bind("127.0.0.1", port, strictly));
    assert_true(can_bind("127.0.0.1", port, reusing_address));
  }
}

static void a_family_that_is_refused_counts_as_lacking(void** state) {
  (void)state;
  for (int i = 0; i < policy_error_count; ++i) in_network(do_without_ipv6, (void*)&policy_errors[i]);
}

static void find_without_any_family(void* error) {
  const int code = *(const int*)error;
  char text[32];
  snprintf(text, sizeof text, "(errno %d)", code);
  const struct denial what = {SYS_socket, 0, code};
  deny(&what);
  const char* const hosts[] = {NULL, "localhost", "127.0.0.1"};
  for (int i = 0; i < 3; ++i) {
    portend_finder* finder = finder_on(hosts[i]);
    int port = 4711;
    assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_SYSTEM);
    assert_contains(portend_finder_message(finder), text);
    assert_int_equal(portend_finder_errno(finder), code);
    assert_int_equal(port, 4711);
    portend_reservation* reservation = NULL;
    assert_status(portend_reservation_create(finder, &reservation), PORTEND_ERR_SYSTEM);
    assert_null(reservation);
    assert_status(portend_finder_set_udp(finder, 0), PORTEND_OK);
    assert_int_equal(portend_finder_errno(finder), 0);
  }
}

static void a_machine_that_refuses_every_family_says_so(void** state) {
  (void)state;
  for (int i = 0; i < policy_error_count; ++i) in_network(find_without_any_family, (void*)&policy_errors[i]);
}

static void find_without_bind(void* unused) {
  (void)unused;
  const struct denial what = {SYS_bind, 0, EACCES};
  deny(&what);
  portend_finder* finder = new_finder();
  int port = 4711;
  assert_status(portend_finder_set_range(finder, 1020, 1025), PORTEND_OK);
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_string_equal(
      portend_finder_message(finder),
      "No port from 1020 to 1025 can be bound on this machine. (0 in use, 4 not permitted: ports "
      "below 1024 need a privilege, 2 not permitted: a security policy of this system refuses them)");
  assert_status(portend_finder_add_preferred(finder, 20000, 20000), PORTEND_OK);
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_ERR_NO_PORT);
  assert_int_equal(port, 4711);
}

static void a_sandbox_that_refuses_to_bind_is_named(void** state) {
  (void)state;
  in_network(find_without_bind, NULL);
}

/* Without getsockname the test's own connection cannot be distinguished from others. */
static void park_without(void* call) {
  portend_reservation* reservation = new_reservation(NULL);
  const struct denial what = {*(const int*)call, 0, EPERM};
  deny(&what);
  const int descriptors = open_descriptors();
  const int64_t began = now_ms();
  const portend_status status = portend_reservation_park(reservation, NULL);
  assert_true(status == PORTEND_ERR_SYSTEM || status == PORTEND_ERR_UNSUPPORTED);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_int_equal(open_descriptors(), descriptors);
  assert_int_equal(portend_reservation_fd_count(reservation), 1);
}

static void parking_ends_when_anything_is_refused(void** state) {
  (void)state;
  int calls[] = {SYS_getsockname, is_portable() ? SYS_accept : SYS_accept4, SYS_listen, SYS_connect};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) in_network(park_without, &calls[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_family_that_is_refused_counts_as_lacking),
      tidy(a_machine_that_refuses_every_family_says_so),
      tidy(a_sandbox_that_refuses_to_bind_is_named),
      tidy(parking_ends_when_anything_is_refused),
  };
  return cmocka_run_group_tests_name("refused by a policy", tests, NULL, NULL);
}
