/* SPDX-License-Identifier: MIT */
/* Snapshots of listening sockets with their owners. */
#include <portend/sockets.h>

#include <limits.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listed.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"

static portend_sockets* listeners_on(int port) { return new_sockets(port, port, PORTEND_SOCKETS_LISTENING); }
static portend_sockets* all_listeners(void) { return new_sockets(1, 65535, PORTEND_SOCKETS_LISTENING); }

static void assert_listener(const portend_sockets* all, int index, const char* address, int port, int dual) {
  assert_int_equal(portend_sockets_kind(all, index), PORTEND_SOCKETS_LISTENING);
  assert_string_equal(portend_sockets_address(all, index), address);
  assert_int_equal(portend_sockets_port(all, index), port);
  /* If netlink is refused, /proc/net/tcp6 is read, which does not tell. */
  if (!looks_by_connecting()) assert_int_equal(portend_sockets_dual_stack(all, index), dual);
  assert_int_equal(portend_sockets_pid(all, index), getpid());
  assert_int_equal(portend_sockets_parent_pid(all, index), getppid());
  assert_string_equal(portend_sockets_peer_address(all, index), "");
  assert_int_equal(portend_sockets_peer_port(all, index), 0);
  assert_int_equal(portend_sockets_remaining_ms(all, index), 0);
}

static void listeners_are_sorted_and_have_their_owners(void** state) {
  (void)state;
  skip_if_unsupported();
  prctl(PR_SET_NAME, "odd (name) x");
  listen_on("127.0.0.1", 20003, strictly, 1);
  listen_on("::", 20001, dual_stack, 1);
  listen_on("::1", 20003, strictly, 1);
  listen_on("0.0.0.0", 20002, strictly, 1);
  listen_on("127.0.0.2", 20003, strictly, 1);
  listen_on("::", 20002, strictly, 1);
  keep(bind_socket("127.0.0.1", 20004, strictly)); /* does not listen */
  connect_to("127.0.0.1", 20003);

  portend_sockets* all = all_listeners();
  assert_int_equal(portend_sockets_count(all), 6);
  assert_listener(all, 0, "::", 20001, 1);
  assert_listener(all, 1, "0.0.0.0", 20002, 0);
  assert_listener(all, 2, "::", 20002, 0);
  assert_listener(all, 3, "127.0.0.1", 20003, 0);
  assert_listener(all, 4, "127.0.0.2", 20003, 0);
  assert_listener(all, 5, "::1", 20003, 0);
  for (int i = 0; i < 6; ++i) {
    assert_string_equal(portend_sockets_process(all, i), "odd (name) x");
    assert_string_equal(portend_sockets_user(all, i), "root");
    assert_contains(portend_sockets_command_line(all, i), "ports_sockets");
  }
}

static void a_range_of_ports_is_kept_to(void** state) {
  (void)state;
  skip_if_unsupported();
  const int first = listen_on("127.0.0.1", 20001, strictly, 1);
  listen_on("127.0.0.1", 20002, strictly, 1);
  listen_on("::1", 20004, strictly, 1);
  portend_sockets* one = listeners_on(20001);
  assert_int_equal(portend_sockets_count(one), 1);
  assert_int_equal(portend_sockets_port(one, 0), 20001);
  assert_int_equal(portend_sockets_count(listeners_on(20003)), 0);
  assert_int_equal(portend_sockets_count(listeners_on(1)), 0);
  assert_int_equal(portend_sockets_count(listeners_on(65535)), 0);
  portend_sockets* range = new_sockets(20002, 20004, PORTEND_SOCKETS_LISTENING);
  assert_int_equal(portend_sockets_count(range), 2);
  assert_int_equal(portend_sockets_port(range, 0), 20002);
  assert_int_equal(portend_sockets_port(range, 1), 20004);
  assert_int_equal(portend_sockets_count(new_sockets(20002, 65535, PORTEND_SOCKETS_LISTENING)), 2);
  assert_int_equal(portend_sockets_count(new_sockets(1, 20002, PORTEND_SOCKETS_LISTENING)), 2);
  /* A snapshot does not change. */
  release(first);
  assert_int_equal(portend_sockets_count(one), 1);
  assert_int_equal(portend_sockets_count(listeners_on(20001)), 0);
}

static void the_first_and_the_last_port_are_in_range(void** state) {
  (void)state;
  skip_if_unsupported();
  listen_on("127.0.0.1", 1, strictly, 1);
  listen_on("127.0.0.1", 65535, strictly, 1);
  assert_int_equal(portend_sockets_count(all_listeners()), 2);
  assert_int_equal(portend_sockets_port(listeners_on(1), 0), 1);
  assert_int_equal(portend_sockets_port(listeners_on(65535), 0), 65535);
  assert_int_equal(portend_sockets_count(new_sockets(2, 65534, PORTEND_SOCKETS_LISTENING)), 0);
}

static void wrong_arguments_are_refused(void** state) {
  (void)state;
  portend_sockets* none = NULL;
  const int ports[] = {0, -1, 65536, INT_MAX, INT_MIN};
  for (int i = 0; i < 5; ++i) {
    assert_status(portend_sockets_create(ports[i], 80, PORTEND_SOCKETS_LISTENING, &none),
                  PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "is outside 1 to 65535");
    assert_status(portend_sockets_create(80, ports[i], PORTEND_SOCKETS_LISTENING, &none),
                  PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "is outside 1 to 65535");
  }
  assert_status(portend_sockets_create(81, 80, PORTEND_SOCKETS_LISTENING, &none), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "The first port, 81, is above the last, 80.");
  const unsigned kinds[] = {0, 32, 33, UINT_MAX};
  for (int i = 0; i < 4; ++i) {
    assert_status(portend_sockets_create(80, 80, kinds[i], &none), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "Kinds of sockets");
  }
  assert_null(none);
}

static void an_index_out_of_range_has_an_empty_answer(void** state) {
  (void)state;
  skip_if_unsupported();
  portend_sockets* one = listeners_on(port_of(listen_on("127.0.0.1", 0, strictly, 1)));
  const int indices[] = {-1, 1, INT_MAX, INT_MIN};
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(portend_sockets_kind(one, indices[i]), 0);
    assert_string_equal(portend_sockets_address(one, indices[i]), "");
    assert_int_equal(portend_sockets_port(one, indices[i]), 0);
    assert_int_equal(portend_sockets_dual_stack(one, indices[i]), 0);
    assert_string_equal(portend_sockets_peer_address(one, indices[i]), "");
    assert_int_equal(portend_sockets_peer_port(one, indices[i]), 0);
    assert_int_equal(portend_sockets_pid(one, indices[i]), 0);
    assert_int_equal(portend_sockets_parent_pid(one, indices[i]), 0);
    assert_string_equal(portend_sockets_process(one, indices[i]), "");
    assert_string_equal(portend_sockets_command_line(one, indices[i]), "");
    assert_string_equal(portend_sockets_user(one, indices[i]), "");
    assert_int_equal(portend_sockets_remaining_ms(one, indices[i]), 0);
    assert_string_equal(portend_sockets_explain(one, indices[i]), "");
  }
}

static void sleep_for_ever(void* unused) {
  (void)unused;
  for (;;) sleep_ms(1000);
}

static void the_server_is_reported_and_not_its_workers(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  sleep_ms(50); /* the age of a process has a resolution of 10 ms */
  for (int i = 0; i < 3; ++i) begin_child(sleep_for_ever, NULL);
  assert_int_equal(portend_sockets_pid(listeners_on(20001), 0), getpid());
  release(listener);
  /* The children outlive the server: one of them is reported, with its parent. */
  portend_sockets* outlived = listeners_on(20001);
  assert_int_equal(portend_sockets_count(outlived), 1);
  assert_int_not_equal(portend_sockets_pid(outlived, 0), getpid());
  assert_int_equal(portend_sockets_parent_pid(outlived, 0), getpid());
}

static void each_of_several_servers_on_a_port_is_reported(void** state) {
  (void)state;
  skip_if_unsupported();
  listen_on("127.0.0.1", 20001, reusing_port, 1);
  const struct server server = start_server("127.0.0.1", 20001, reusing_port);
  server_listens(&server);
  portend_sockets* both = listeners_on(20001);
  assert_int_equal(portend_sockets_count(both), 2);
  const int64_t sum = portend_sockets_pid(both, 0) + portend_sockets_pid(both, 1);
  assert_int_equal(sum, (int64_t)getpid() + server.pid);
}

static void list_as_nobody(void* inherited) {
  close(*(int*)inherited);
  become_nobody();
  portend_sockets* all = all_listeners();
  assert_int_equal(portend_sockets_count(all), 1);
  assert_string_equal(portend_sockets_address(all, 0), "127.0.0.1");
  assert_int_equal(portend_sockets_port(all, 0), 20001);
  assert_int_equal(portend_sockets_pid(all, 0), 0);
  assert_int_equal(portend_sockets_parent_pid(all, 0), 0);
  assert_string_equal(portend_sockets_process(all, 0), "");
  assert_string_equal(portend_sockets_command_line(all, 0), "");
  assert_string_equal(portend_sockets_user(all, 0), "root");
  assert_string_equal(portend_sockets_explain(all, 20001),
                      "a process that cannot be seen from here (user root) listens on 127.0.0.1");
}

static void another_users_process_is_not_shown(void** state) {
  (void)state;
  skip_if_unsupported();
  int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  in_child(list_as_nobody, &listener);
}

static void a_user_without_a_name_is_reported_by_number(void** state) {
  (void)state;
  skip_if_unsupported();
  uid_t user = 54321;
  while (getpwuid(user) != NULL) ++user;
  assert_int_equal(setresuid(user, user, user), 0);
  listen_on("127.0.0.1", 20001, strictly, 1);
  char number[16];
  snprintf(number, sizeof number, "%u", (unsigned)user);
  assert_string_equal(portend_sockets_user(listeners_on(20001), 0), number);
}

/* Threads of one process may be in different network namespaces. */
static void* list_in_own_network(void* port) {
  assert_int_equal(unshare(CLONE_NEWNET), 0);
  assert_int_equal(portend_sockets_count(all_listeners()), 0);
  listen_on("127.0.0.1", 20002, strictly, 1);
  portend_sockets* own = all_listeners();
  assert_int_equal(portend_sockets_count(own), 1);
  *(int*)port = portend_sockets_port(own, 0);
  return NULL;
}

static void the_network_of_the_calling_thread_counts(void** state) {
  (void)state;
  skip_if_unsupported();
  listen_on("127.0.0.1", 20001, strictly, 1);
  pthread_t thread;
  int port = 0;
  assert_int_equal(pthread_create(&thread, NULL, list_in_own_network, &port), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(port, 20002);
  portend_sockets* here = all_listeners();
  assert_int_equal(portend_sockets_count(here), 1);
  assert_int_equal(portend_sockets_port(here, 0), 20001);
}

/* Listens on many ports and closes them, repeatedly. */
static void come_and_go(void* unused) {
  (void)unused;
  for (;;) {
    int listeners[50];
    for (int i = 0; i < 50; ++i) {
      listeners[i] = bind_socket("::", 0, dual_stack);
      assert_true(listeners[i] >= 0 && listen(listeners[i], 1) == 0);
    }
    for (int i = 0; i < 50; ++i) close(listeners[i]);
  }
}

static void each_socket_is_listed_once_while_others_come_and_go(void** state) {
  (void)state;
  skip_if_unsupported();
  enum { own = 100 };
  int ports[own];
  for (int i = 0; i < own; ++i) ports[i] = port_of(listen_on("::", 0, dual_stack, 1));
  for (int i = 0; i < 2; ++i) begin_child(come_and_go, NULL);
  for (int round = 0; round < 20; ++round) {
    portend_sockets* all = all_listeners();
    int seen[65536] = {0};
    for (int i = 0; i < portend_sockets_count(all); ++i) ++seen[portend_sockets_port(all, i)];
    /* /proc/net/tcp6 is read in parts at different moments, and may rarely omit a socket (proc(5)). */
    const int fewest = looks_by_connecting() ? 0 : 1;
    for (int i = 0; i < own; ++i) assert_in_range(seen[ports[i]], fewest, 1);
  }
}

static void ten_thousand_listeners_take_less_than_a_second(void** state) {
  (void)state;
  skip_if_unsupported();
  enum { many = 10000 };
  assert_true(allow_descriptors(many + 100));
  for (int i = 0; i < many; ++i) listen_on(i % 2 == 0 ? "127.0.0.1" : "::1", 10000 + i / 2, strictly, 1);
  const int64_t began = cpu_us(); /* a busy machine needs more time, but not more of the processor */
  portend_sockets* all = all_listeners();
  const int64_t took = (cpu_us() - began) / 1000;
  assert_int_equal(portend_sockets_count(all), many);
  for (int i = 0; i < many; ++i) {
    assert_int_equal(portend_sockets_port(all, i), 10000 + i / 2);
    assert_string_equal(portend_sockets_address(all, i), i % 2 == 0 ? "127.0.0.1" : "::1");
    assert_int_equal(portend_sockets_pid(all, i), getpid());
  }
  print_message("10,000 listeners took %d ms\n", (int)took);
  assert_in_range(took, 0, is_sanitized() ? generous_ms : 1000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(listeners_are_sorted_and_have_their_owners),
      alone(a_range_of_ports_is_kept_to),
      alone(the_first_and_the_last_port_are_in_range),
      tidy(wrong_arguments_are_refused),
      tidy(an_index_out_of_range_has_an_empty_answer),
      alone(the_server_is_reported_and_not_its_workers),
      alone(each_of_several_servers_on_a_port_is_reported),
      alone(another_users_process_is_not_shown),
      alone(a_user_without_a_name_is_reported_by_number),
      alone(the_network_of_the_calling_thread_counts),
      alone(each_socket_is_listed_once_while_others_come_and_go),
      alone(ten_thousand_listeners_take_less_than_a_second),
  };
  return cmocka_run_group_tests_name("portend_sockets", tests, NULL, NULL);
}
