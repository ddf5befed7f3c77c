/* SPDX-License-Identifier: MIT */
/* A sandbox (seccomp(2)) denies the process a system call. The library must work without it or report
 * what was denied; it must not hang, crash or report a wrong state. */
#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/denial.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

static void* close_later(void* fd) {
  sleep_ms(60);
  close(*(int*)fd);
  return NULL;
}

/* Checks sockets that existed before. */
static void looks_are_right(int server, int held) {
  const int port = port_of(held);
  const int busy = port_of(server);
  CHECK(portend_occupied("localhost", busy, 5000) == PORTEND_OK);
  CHECK(portend_occupied("localhost", port, 50) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_free("localhost", port, 5000) == PORTEND_OK);
  CHECK(portend_free("localhost", busy, 50) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_assert_free("localhost", port, 0) == PORTEND_OK);
  CHECK(portend_assert_free("localhost", busy, 0) == PORTEND_ERR_NOT_FREE);
}

static void simple_waits_are_right(void) {
  int server = listening_socket();
  int held = bound_socket();
  const int port = port_of(held);
  const int busy = port_of(server);
  looks_are_right(server, held);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, listen_soon, &held) == 0);
  CHECK(portend_occupied("localhost", port, 20000) == PORTEND_OK);
  pthread_join(thread, NULL);
  CHECK(pthread_create(&thread, NULL, close_later, &server) == 0);
  CHECK(portend_free("localhost", busy, 20000) == PORTEND_OK);
  pthread_join(thread, NULL);
  close(held);
}

static void without_netlink(void* error) {
  const int found_before = open_descriptors();
  const struct denial netlink = {SYS_socket, AF_NETLINK, *(int*)error};
  deny(&netlink);
  CHECK(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG) == -1 && errno == *(int*)error);
  simple_waits_are_right();
  CHECK(open_descriptors() == found_before);
}

static void waits_are_right_without_the_table_of_sockets(void** state) {
  (void)state;
  int errors[] = {EPERM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT, ENOSYS};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    in_child(without_netlink, &errors[i]);
  }
}

static void find_and_list(void* error) {
  const struct denial netlink = {SYS_socket, AF_NETLINK, *(int*)error};
  const int server = listening_socket();
  portend_sockets* sockets = NULL;
  int port = 0;
  deny(&netlink);
  CHECK(portend_find_port(NULL, &port) == PORTEND_OK && port > 0);
  const portend_status status =
      portend_sockets_create(port_of(server), port_of(server), PORTEND_SOCKETS_LISTENING, &sockets);
  CHECK(status == PORTEND_OK || status == PORTEND_ERR_UNSUPPORTED);
  CHECK(status != PORTEND_OK || portend_sockets_count(sockets) == 1);
  portend_sockets_destroy(sockets);
}

static void ports_are_found_and_listed_without_the_table_of_sockets(void** state) {
  (void)state;
  int error = EPERM;
  in_child(find_and_list, &error);
}

/* Returns the status of a wait that must sleep; the message names what was denied. */
static portend_status sleep_without(const struct denial* what) {
  const int held = bound_socket();
  const int found_before = open_descriptors();
  char text[32];
  snprintf(text, sizeof text, "(errno %d)", what->error);
  deny(what);
  const int64_t began = now_ms();
  const portend_status status = portend_occupied("127.0.0.1", port_of(held), 100);
  CHECK(now_ms() - began < 20000);
  CHECK(status != PORTEND_ERR_SYSTEM || strstr(portend_last_error(), text) != NULL);
  CHECK(open_descriptors() == found_before);
  return status;
}

static void need_not_sleep(void* what) {
  const portend_status status = sleep_without(what);
  CHECK(status == PORTEND_ERR_SYSTEM || status == PORTEND_ERR_TIMEOUT);
  /* Only the portable build uses poll to check a connection. */
  if (is_portable() && ((const struct denial*)what)->call == SYS_poll) return;
  const int server = listening_socket();
  CHECK(portend_occupied("127.0.0.1", port_of(server), 5000) == PORTEND_OK);
}

static int needs_pipes(void) {
  if (!is_sanitized()) return 0;
  printf("skipped: pipes are not denied, since a sanitizer uses them to see whether memory can be read\n");
  return 1;
}

static void a_denied_call_that_a_sleep_needs_is_named(void** state) {
  (void)state;
  const int calls[] = {
      SYS_epoll_create1, SYS_epoll_ctl, SYS_timerfd_create, SYS_timerfd_settime, SYS_eventfd2,
      SYS_pipe2,         SYS_poll};
  const int errors[] = {EPERM, ENOSYS, EMFILE, ENFILE, ENOMEM};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    if (calls[i] == SYS_pipe2 && needs_pipes()) continue;
    for (size_t j = 0; j < sizeof errors / sizeof *errors; ++j) {
      struct denial what = {calls[i], 0, errors[j]};
      in_child(need_not_sleep, &what);
    }
  }
}

static void no_socket(void* what) {
  const struct denial* denial = what;
  char text[32];
  snprintf(text, sizeof text, "(errno %d)", denial->error);
  deny(denial);
  int port = -7;
  CHECK(portend_occupied("127.0.0.1", 80, 5000) == PORTEND_ERR_SYSTEM);
  CHECK(strstr(portend_last_error(), text) != NULL);
  CHECK(portend_assert_free("127.0.0.1", 80, 5000) == PORTEND_ERR_SYSTEM);
  CHECK(portend_find_port("127.0.0.1", &port) == PORTEND_ERR_SYSTEM && port == -7);
  CHECK(strstr(portend_last_error(), text) != NULL);
}

static void a_socket_that_is_denied_is_named(void** state) {
  (void)state;
  const int errors[] = {EPERM, EACCES, ENFILE, ENOBUFS, ENOMEM};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    struct denial what = {SYS_socket, AF_INET, errors[i]};
    in_child(no_socket, &what);
  }
}

static void no_ipv6_socket(void* error) {
  const struct denial what = {SYS_socket, AF_INET6, *(int*)error};
  deny(&what);
  simple_waits_are_right();
  if (*(int*)error == EAFNOSUPPORT) return;
  CHECK(portend_occupied("::1", 9, 20000) == PORTEND_ERR_SYSTEM);
  CHECK(portend_last_errno() == *(int*)error);
}

static void a_family_that_is_lacking_or_refused_is_passed_over(void** state) {
  (void)state;
  int errors[] = {EAFNOSUPPORT, EPERM, EACCES, ENOSYS};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) in_child(no_ipv6_socket, &errors[i]);
}

/* As with Landlock: no test listener can be bound, and a full accept queue looks like silence. */
static void without_bind(void* error) {
  const int server = listening_socket();
  const int held = bound_socket();
  const int listener = listen_on("127.0.0.1", 0, strictly, 1);
  fill_queue(listener, "127.0.0.1");
  const int port = port_of(listener);
  const struct denial what = {SYS_bind, 0, *(int*)error};
  deny(&what);
  CHECK(portend_free("127.0.0.1", port, 1500) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_assert_free("localhost", port, 0) != PORTEND_OK);
  CHECK(looks_by_connecting() || portend_occupied("127.0.0.1", port, 20000) == PORTEND_OK);
  looks_are_right(server, held);
}

static void a_listener_is_not_free_if_nothing_can_be_bound(void** state) {
  (void)state;
  int errors[] = {EACCES, EPERM, ENOSYS};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) in_child(without_bind, &errors[i]);
}

/* connect(2) is refused: the socket table still counts, and no other state is reported. */
static void without_connect(void* error) {
  const int listener = listening_socket();
  const int held = bound_socket();
  const struct denial what = {SYS_connect, 0, *(int*)error};
  deny(&what);
  CHECK(portend_free("127.0.0.1", port_of(listener), 50) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_occupied("127.0.0.1", port_of(held), 50) == PORTEND_ERR_TIMEOUT);
  CHECK(strstr(portend_last_error(), looks_by_connecting() ? "forbids the probe" : "not bound") != NULL);
  if (looks_by_connecting()) return;
  CHECK(portend_occupied("127.0.0.1", port_of(listener), 20000) == PORTEND_OK);
  CHECK(portend_free("127.0.0.1", port_of(held), 20000) == PORTEND_OK);
}

static void a_connect_that_is_refused_makes_nothing_free(void** state) {
  (void)state;
  int errors[] = {EACCES, EPERM, ENOSYS};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) in_child(without_connect, &errors[i]);
}

static void wait_for_a_process(void* what) {
  const int held = bound_socket();
  portend_waiter* waiter = NULL;
  const pid_t child = fork();
  if (child == 0) {
    sleep_ms(100);
    _exit(0);
  }
  deny(what);
  CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
  CHECK(portend_waiter_add(waiter, "127.0.0.1", port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
  CHECK(portend_waiter_set_pid(waiter, child) == PORTEND_OK);
  CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_GONE);
  waitpid(child, NULL, 0);
  CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_GONE);
  portend_waiter_destroy(waiter);
}

static void the_death_of_a_process_is_seen_without_pidfd_open(void** state) {
  (void)state;
  const int errors[] = {EPERM, ENOSYS, EMFILE};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
    struct denial what = {SYS_pidfd_open, 0, errors[i]};
    in_child(wait_for_a_process, &what);
  }
}

/* Without it, the portable build cannot make its descriptors non-blocking, and a wait might never end. */
static void without_fcntl(void* unused) {
  (void)unused;
  const int server = port_of(listening_socket());
  const int descriptors = open_descriptors();
  const struct denial what = {SYS_fcntl, 0, EPERM};
  deny(&what);
  CHECK(portend_occupied("127.0.0.1", server, 20000) == (is_portable() ? PORTEND_ERR_SYSTEM : PORTEND_OK));
  CHECK(!is_portable() || portend_last_errno() == EPERM);
  CHECK(portend_occupied("name.invalid", server, 0) != PORTEND_OK);
  CHECK(!is_portable() || portend_last_errno() == EPERM);
  CHECK(comes_to(open_descriptors, descriptors, 10)); /* a look-up may still be under way */
}

static void flags_that_are_denied_are_named(void** state) {
  (void)state;
  in_child(without_fcntl, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waits_are_right_without_the_table_of_sockets),
      cmocka_unit_test(ports_are_found_and_listed_without_the_table_of_sockets),
      cmocka_unit_test(a_denied_call_that_a_sleep_needs_is_named),
      cmocka_unit_test(a_socket_that_is_denied_is_named),
      cmocka_unit_test(a_family_that_is_lacking_or_refused_is_passed_over),
      cmocka_unit_test(a_listener_is_not_free_if_nothing_can_be_bound),
      cmocka_unit_test(a_connect_that_is_refused_makes_nothing_free),
      cmocka_unit_test(the_death_of_a_process_is_seen_without_pidfd_open),
      cmocka_unit_test(flags_that_are_denied_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
