/* SPDX-License-Identifier: MIT */
/* A port server is asked first: the one of Debian's python3-portpicker, and some that misbehave. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static socklen_t address_of(const char* text, struct sockaddr_un* address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  strncpy(address->sun_path, text, sizeof address->sun_path - 1);
  const size_t length = offsetof(struct sockaddr_un, sun_path) + strlen(text);
  if (text[0] != '@') return (socklen_t)length + 1;
  address->sun_path[0] = '\0';
  return (socklen_t)length;
}

static void await_service(const char* text) {
  struct sockaddr_un address;
  const socklen_t size = address_of(text, &address);
  const int64_t began = now_ms();
  for (;;) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool serves = connect(fd, (const struct sockaddr*)&address, size) == 0;
    close(fd);
    if (serves) return;
    assert_true(now_ms() - began < 3 * generous_ms);
    sleep_ms(5);
  }
}

static void run_debian_server(void* address) {
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
  execl(PORTSERVER, "portserver", "--portserver_static_pool", "20000-20003", "--portserver_address", address,
        (char*)NULL);
  _exit(EXIT_FAILURE);
}

static void ask_debian_server(void* context) {
  char* address = context;
  begin_child(run_debian_server, address);
  await_service(address);
  assert_int_equal(setenv("PORTSERVER_ADDRESS", address, 1), 0);

  /* The server gives each process its ports in turn. */
  int ports[4];
  assert_status(portend_find_port(NULL, &ports[0]), PORTEND_OK);
  portend_finder* finder = new_finder();
  ports[1] = find_one(finder);
  ports[2] = portend_reservation_port(new_reservation(finder));
  for (int i = 0; i < 3; ++i) assert_in_range(ports[i], 20000, 20003);
  assert_true(are_distinct(ports, 3));

  /* The last port is taken, so the server has none, and the library searches by itself. */
  for (int port = 20000; port <= 20003; ++port) {
    const int taken = bind_socket("127.0.0.1", port, strictly);
    if (taken >= 0) keep(taken);
  }
  for (int i = 0; i < 3; ++i) assert_true(find_one(finder) > 20003);
}

static void skip_without_port_server(void) {
  if (access(PORTSERVER, X_OK) != 0) skip_because("python3-portpicker is not installed");
}

static void the_server_of_debian_is_asked_at_an_abstract_address(void** state) {
  (void)state;
  skip_without_port_server();
  char address[] = "@portend-test";
  in_network(ask_debian_server, address);
}

static void remove_directory(void* path) {
  char command[128];
  snprintf(command, sizeof command, "%s/server", (char*)path);
  unlink(command);
  rmdir(path);
}

static void the_server_of_debian_is_asked_at_a_path(void** state) {
  (void)state;
  skip_without_port_server();
  static char directory[] = "/tmp/portend-test-XXXXXX"; /* outside of children, which may end early */
  assert_non_null(mkdtemp(directory));
  at_end(remove_directory, directory);
  char address[64];
  snprintf(address, sizeof address, "%s/server", directory);
  in_network(ask_debian_server, address);
}

/* Starts a server that treats every request alike; "\\n" stands for a line feed. */
static struct server begin_server(const char* service) {
  assert_int_equal(setenv("PORTSERVER_ADDRESS", "@portend-test", 1), 0);
  return start_port_server("@portend-test", service);
}

/* Returns the number of requests, and the last one. */
static const char* requests(const struct server* server) { return tell(server, "heard 0"); }

static void it_is_sent_the_number_of_the_process(void** state) {
  (void)state;
  char wanted[32];
  const struct server server = begin_server("answer 20007\\n");
  portend_finder* finder = new_finder();
  assert_int_equal(find_one(finder), 20007);
  snprintf(wanted, sizeof wanted, "1 %d", (int)getpid());
  assert_string_equal(requests(&server), wanted);
}

static void it_is_asked_only_for_any_port_of_the_whole_machine(void** state) {
  (void)state;
  const struct server server = begin_server("answer 20007\\n");
  portend_finder* finders[5];
  for (int i = 0; i < 5; ++i) finders[i] = new_finder();
  assert_status(portend_finder_set_port_server(finders[0], 0), PORTEND_OK);
  assert_status(portend_finder_set_host(finders[1], "127.0.0.1"), PORTEND_OK);
  assert_status(portend_finder_set_range(finders[2], 20000, 20009), PORTEND_OK);
  assert_status(portend_finder_add_excluded(finders[2], 20007, 20007), PORTEND_OK);
  assert_status(portend_finder_add_preferred(finders[3], 20001, 20001), PORTEND_OK);
  assert_status(portend_finder_set_avoid_ephemeral(finders[4], 1), PORTEND_OK);
  for (int i = 0; i < 5; ++i) assert_int_not_equal(find_one(finders[i]), 20007);
  int port = 0;
  assert_status(portend_find_port("localhost", &port), PORTEND_OK);
  assert_string_equal(requests(&server), "0 ");
  assert_status(portend_finder_set_port_server(finders[0], 1), PORTEND_OK);
  assert_int_equal(find_one(finders[0]), 20007);
}

static void it_is_not_asked_for_a_reservation_on_one_host(void** state) {
  (void)state;
  const struct server server = begin_server("answer 20007\\n");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_host(finder, "127.0.0.1"), PORTEND_OK);
  assert_int_not_equal(portend_reservation_port(new_reservation(finder)), 20007);
  assert_string_equal(requests(&server), "0 ");
}

static void what_it_gives_is_tried_before_it_is_believed(void** state) {
  (void)state;
  begin_server("answer 20007\\n");
  listen_on("::1", 20007, strictly, 1);
  portend_finder* finder = new_finder();
  for (int i = 0; i < 3; ++i) assert_int_not_equal(find_one(finder), 20007);
  int ports[3];
  assert_status(portend_finder_find(finder, ports, 3), PORTEND_OK);
  assert_true(are_distinct(ports, 3));
}

static void what_is_returned_is_found_again_before_it_is_asked(void** state) {
  (void)state;
  const struct server server = begin_server("answer 20007\\n");
  portend_finder* finder = new_finder();
  assert_int_equal(find_one(finder), 20007);
  tell(&server, "serve 0 answer 20008\\n");
  assert_status(portend_return_port(20007), PORTEND_OK);
  assert_status(portend_return_port(20007), PORTEND_OK);
  assert_status(portend_return_port(20009), PORTEND_OK); /* which the server did not give */
  assert_int_equal(find_one(finder), 20007);
  assert_int_equal(find_one(finder), 20008);

  /* A returned port that is still in use is kept for later. */
  assert_status(portend_return_port(20008), PORTEND_OK);
  assert_status(portend_return_port(20007), PORTEND_OK);
  const int taken = bind_socket("127.0.0.1", 20007, strictly);
  assert_int_equal(find_one(finder), 20008);
  close(taken);
  assert_int_equal(find_one(finder), 20007);
  tell(&server, "serve 0 answer");
  assert_true(find_one(finder) != 20007);
}

static void find_another_port_than_20007(void* context) {
  (void)context;
  assert_int_not_equal(find_one(new_finder()), 20007);
}

static void what_is_returned_is_not_that_of_a_child(void** state) {
  (void)state;
  const struct server server = begin_server("answer 20007\\n");
  portend_finder* finder = new_finder();
  assert_int_equal(find_one(finder), 20007);
  assert_status(portend_return_port(20007), PORTEND_OK);
  tell(&server, "serve 0 answer");
  in_child(find_another_port_than_20007, NULL);
  assert_int_equal(find_one(finder), 20007);
}

static void what_it_gives_may_be_excluded(void** state) {
  (void)state;
  begin_server("answer 20007\\n");
  portend_finder* finder = new_finder();
  assert_status(portend_finder_add_excluded(finder, 20007, 20007), PORTEND_OK);
  assert_int_not_equal(find_one(finder), 20007);
}

static void assert_passed_over(void) {
  portend_finder* finder = new_finder();
  const int64_t began = now_ms();
  const int port = find_one(finder);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_true(port != 20007);
  assert_true(can_bind_in_all_forms(port, strictly));
}

static void a_server_that_refuses_or_talks_nonsense_is_passed_over(void** state) {
  (void)state;
  char endless[128];
  memset(endless, '2', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  const char* const answers[] = {"",          "\\n",         "0\\n",       "-1\\n",
                                 "65536\\n",  "99999999\\n", "no port\\n", "20007",
                                 " 20007\\n", "20007 x\\n",  "20007.5\\n", endless};
  const struct server server = begin_server("answer");
  for (size_t i = 0; i < sizeof answers / sizeof *answers; ++i) {
    tell(&server, "serve 0 answer %s", answers[i]);
    assert_passed_over();
  }
}

static void a_server_that_is_silent_is_passed_over_after_a_while(void** state) {
  (void)state;
  begin_server("keep");
  assert_passed_over();
}

struct dripping {
  int listener;
  int* is_over;
};

/* Answers byte by byte, so that no limit per read would end the search, and never ends the line. */
static void* drip(void* context) {
  const struct dripping* self = context;
  const int connection = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
  while (connection >= 0 && __atomic_load_n(self->is_over, __ATOMIC_SEQ_CST) == 0) {
    if (send(connection, "2", 1, MSG_NOSIGNAL) != 1) break;
    sleep_ms(300);
  }
  if (connection >= 0) close(connection);
  return NULL;
}

static void a_server_that_drips_is_passed_over_after_a_while(void** state) {
  (void)state;
  struct sockaddr_un address;
  int is_over = 0;
  const struct dripping dripping = {keep(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), &is_over};
  const socklen_t size = address_of("@portend-test", &address);
  assert_int_equal(bind(dripping.listener, (const struct sockaddr*)&address, size), 0);
  assert_int_equal(listen(dripping.listener, 1), 0);
  assert_int_equal(setenv("PORTSERVER_ADDRESS", "@portend-test", 1), 0);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, drip, (void*)&dripping), 0);
  assert_passed_over();
  __atomic_store_n(&is_over, 1, __ATOMIC_SEQ_CST);
  pthread_join(thread, NULL);
}

static void a_server_that_is_not_there_is_passed_over(void** state) {
  (void)state;
  char overlong[200];
  memset(overlong, 'x', sizeof overlong - 1);
  overlong[sizeof overlong - 1] = '\0';
  const char* const addresses[] = {"@portend-test", "/tmp/there/is/nothing/here", "", "@", overlong};
  portend_finder* finder = new_finder();
  for (int i = 0; i < 5; ++i) {
    assert_int_equal(setenv("PORTSERVER_ADDRESS", addresses[i], 1), 0);
    assert_true(can_bind_in_all_forms(find_one(finder), strictly));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(the_server_of_debian_is_asked_at_an_abstract_address),
      tidy(the_server_of_debian_is_asked_at_a_path),
      alone(it_is_sent_the_number_of_the_process),
      alone(it_is_asked_only_for_any_port_of_the_whole_machine),
      alone(it_is_not_asked_for_a_reservation_on_one_host),
      alone(what_it_gives_is_tried_before_it_is_believed),
      alone(what_is_returned_is_found_again_before_it_is_asked),
      alone(what_is_returned_is_not_that_of_a_child),
      alone(what_it_gives_may_be_excluded),
      alone(a_server_that_refuses_or_talks_nonsense_is_passed_over),
      alone(a_server_that_is_silent_is_passed_over_after_a_while),
      alone(a_server_that_drips_is_passed_over_after_a_while),
      quiet(a_server_that_is_not_there_is_passed_over),
  };
  return cmocka_run_group_tests_name("port server", tests, NULL, NULL);
}
