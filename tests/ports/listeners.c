/* SPDX-License-Identifier: MIT */
/* Who listens on this machine. */
#include <portend/listeners.h>

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

#define skip_where_unsupported()                                                  \
  do {                                                                            \
    if (is_portable()) {                                                          \
      portend_listeners* none = NULL;                                             \
      assert_status(portend_listeners_create(0, &none), PORTEND_ERR_UNSUPPORTED); \
      assert_null(none);                                                          \
      assert_contains(portend_last_error(), "does not tell who listens");         \
      skip_because("this build does not tell who listens");                       \
    }                                                                             \
  } while (0)

static void assert_listener(const portend_listeners* all, int index, const char* address, int port,
                            int dual) {
  assert_string_equal(portend_listeners_address(all, index), address);
  assert_int_equal(portend_listeners_port(all, index), port);
  /* /proc/net/tcp6 does not tell, which is what there is where netlink may not be asked. */
  if (!looks_by_connecting()) assert_int_equal(portend_listeners_dual_stack(all, index), dual);
  assert_int_equal(portend_listeners_pid(all, index), getpid());
}

static void listeners_are_told_with_their_owners_and_sorted(void** state) {
  (void)state;
  skip_where_unsupported();
  prctl(PR_SET_NAME, "odd (name) x");
  listen_on("127.0.0.1", 20003, strictly, 1);
  listen_on("::", 20001, dual_stack, 1);
  listen_on("::1", 20003, strictly, 1);
  listen_on("0.0.0.0", 20002, strictly, 1);
  listen_on("127.0.0.2", 20003, strictly, 1);
  listen_on("::", 20002, strictly, 1);
  keep(bind_socket("127.0.0.1", 20004, strictly)); /* does not listen */
  connect_to("127.0.0.1", 20003);

  portend_listeners* all = new_listeners(0);
  assert_int_equal(portend_listeners_count(all), 6);
  assert_listener(all, 0, "::", 20001, 1);
  assert_listener(all, 1, "0.0.0.0", 20002, 0);
  assert_listener(all, 2, "::", 20002, 0);
  assert_listener(all, 3, "127.0.0.1", 20003, 0);
  assert_listener(all, 4, "127.0.0.2", 20003, 0);
  assert_listener(all, 5, "::1", 20003, 0);
  for (int i = 0; i < 6; ++i) {
    assert_string_equal(portend_listeners_process(all, i), "odd (name) x");
    assert_string_equal(portend_listeners_user(all, i), "root");
  }
}

static void one_port_can_be_asked_for(void** state) {
  (void)state;
  skip_where_unsupported();
  const int first = listen_on("127.0.0.1", 20001, strictly, 1);
  listen_on("127.0.0.1", 20002, strictly, 1);
  portend_listeners* one = new_listeners(20001);
  assert_int_equal(portend_listeners_count(one), 1);
  assert_int_equal(portend_listeners_port(one, 0), 20001);
  assert_int_equal(portend_listeners_count(new_listeners(20003)), 0);
  assert_int_equal(portend_listeners_count(new_listeners(65535)), 0);
  /* It is of its moment. */
  release(first);
  assert_int_equal(portend_listeners_count(one), 1);
  assert_int_equal(portend_listeners_count(new_listeners(20001)), 0);
}

static void a_port_or_an_index_that_is_none_is_told(void** state) {
  (void)state;
  const int ports[] = {-1, 65536, INT_MAX, INT_MIN};
  for (int i = 0; i < 4; ++i) {
    portend_listeners* none = NULL;
    assert_status(portend_listeners_create(ports[i], &none), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "is outside 1 to 65535");
    assert_null(none);
  }
  skip_where_unsupported();
  portend_listeners* one = new_listeners(port_of(listen_on("127.0.0.1", 0, strictly, 1)));
  const int indices[] = {-1, 1, INT_MAX, INT_MIN};
  for (int i = 0; i < 4; ++i) {
    assert_string_equal(portend_listeners_address(one, indices[i]), "");
    assert_int_equal(portend_listeners_port(one, indices[i]), 0);
    assert_int_equal(portend_listeners_dual_stack(one, indices[i]), 0);
    assert_int_equal(portend_listeners_pid(one, indices[i]), 0);
    assert_string_equal(portend_listeners_process(one, indices[i]), "");
    assert_string_equal(portend_listeners_user(one, indices[i]), "");
  }
}

static void sleep_for_ever(void* unused) {
  (void)unused;
  for (;;) sleep_ms(1000);
}

static void of_a_server_and_its_workers_the_server_is_told(void** state) {
  (void)state;
  skip_where_unsupported();
  const int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  sleep_ms(50); /* the age of a process is told in ticks of 10 ms */
  for (int i = 0; i < 3; ++i) begin_child(sleep_for_ever, NULL);
  assert_int_equal(portend_listeners_pid(new_listeners(20001), 0), getpid());
  release(listener);
  assert_int_not_equal(portend_listeners_pid(new_listeners(20001), 0), getpid());
}

static void servers_that_share_a_port_are_told_each(void** state) {
  (void)state;
  skip_where_unsupported();
  listen_on("127.0.0.1", 20001, reusing_port, 1);
  const struct server server = start_server("127.0.0.1", 20001, reusing_port);
  server_listens(&server);
  portend_listeners* both = new_listeners(20001);
  assert_int_equal(portend_listeners_count(both), 2);
  const int64_t sum = portend_listeners_pid(both, 0) + portend_listeners_pid(both, 1);
  assert_int_equal(sum, (int64_t)getpid() + server.pid);
}

static void list_as_nobody(void* inherited) {
  close(*(int*)inherited);
  become_nobody();
  portend_listeners* all = new_listeners(0);
  assert_int_equal(portend_listeners_count(all), 1);
  assert_string_equal(portend_listeners_address(all, 0), "127.0.0.1");
  assert_int_equal(portend_listeners_port(all, 0), 20001);
  assert_int_equal(portend_listeners_pid(all, 0), 0);
  assert_string_equal(portend_listeners_process(all, 0), "");
  assert_string_equal(portend_listeners_user(all, 0), "root");
}

static void another_users_process_is_not_told(void** state) {
  (void)state;
  skip_where_unsupported();
  int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  in_child(list_as_nobody, &listener);
}

static void a_user_without_a_name_is_told_by_number(void** state) {
  (void)state;
  skip_where_unsupported();
  uid_t user = 54321;
  while (getpwuid(user) != NULL) ++user;
  assert_int_equal(setresuid(user, user, user), 0);
  listen_on("127.0.0.1", 20001, strictly, 1);
  char number[16];
  snprintf(number, sizeof number, "%u", (unsigned)user);
  assert_string_equal(portend_listeners_user(new_listeners(20001), 0), number);
}

static void ten_thousand_listeners_take_less_than_a_second(void** state) {
  (void)state;
  skip_where_unsupported();
  enum { many = 10000 };
  assert_true(allow_descriptors(many + 100));
  for (int i = 0; i < many; ++i) listen_on(i % 2 == 0 ? "127.0.0.1" : "::1", 10000 + i / 2, strictly, 1);
  const int64_t began = now_ms();
  portend_listeners* all = new_listeners(0);
  const int64_t took = now_ms() - began;
  assert_int_equal(portend_listeners_count(all), many);
  for (int i = 0; i < many; ++i) {
    assert_int_equal(portend_listeners_port(all, i), 10000 + i / 2);
    assert_string_equal(portend_listeners_address(all, i), i % 2 == 0 ? "127.0.0.1" : "::1");
    assert_int_equal(portend_listeners_pid(all, i), getpid());
  }
  print_message("10,000 listeners took %d ms\n", (int)took);
  assert_in_range(took, 0, is_sanitized() ? generous_ms : 1000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(listeners_are_told_with_their_owners_and_sorted),
      alone(one_port_can_be_asked_for),
      tidy(a_port_or_an_index_that_is_none_is_told),
      alone(of_a_server_and_its_workers_the_server_is_told),
      alone(servers_that_share_a_port_are_told_each),
      alone(another_users_process_is_not_told),
      alone(a_user_without_a_name_is_told_by_number),
      alone(ten_thousand_listeners_take_less_than_a_second),
  };
  return cmocka_run_group_tests_name("portend_listeners", tests, NULL, NULL);
}
