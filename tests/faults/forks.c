/* SPDX-License-Identifier: MIT */
/* Programs fork while the library has calls under way that they do not know of. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

enum { waiting_threads = 4 };

static int held;
static int busy;
static atomic_int over;

/* By connecting, owners of listeners come from /proc/net/tcp, which takes milliseconds. */
static int forks(void) { return getenv("PORTEND_PROBE") != NULL ? 100 : 300; }

static void* wait_again_and_again(void* host) {
  portend_waiter* waiter = NULL;
  int port = 0;
  for (int round = 0; !atomic_load(&over); ++round) {
    CHECK(portend_occupied(host, port_of(held), 3) == PORTEND_ERR_TIMEOUT);
    CHECK(portend_free("localhost", port_of(busy), 3) == PORTEND_ERR_TIMEOUT);
    if (round % 8 == 0) CHECK(portend_last_error()[0] != '\0');
    CHECK(portend_find_port(NULL, &port) == PORTEND_OK);
    CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
    CHECK(portend_waiter_add(waiter, host, port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
    CHECK(portend_waiter_run(waiter, PORTEND_ALL, 3) == PORTEND_ERR_TIMEOUT);
    portend_waiter_destroy(waiter);
  }
  return NULL;
}

/* Uses everything a child may need, at once. */
static void use_it_all(void* names) {
  portend_waiter* waiter = NULL;
  portend_reservation* reservation = NULL;
  portend_sockets* sockets = NULL;
  int port = 0;
  CHECK(portend_occupied("localhost", port_of(busy), 20000) == PORTEND_OK);
  CHECK(portend_occupied("localhost", port_of(held), 1) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_free("127.0.0.1", port_of(busy), 1) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_last_error()[0] != '\0');
  CHECK(portend_find_port(NULL, &port) == PORTEND_OK);
  CHECK(portend_reservation_create(NULL, &reservation) == PORTEND_OK);
  portend_reservation_destroy(reservation);
  const portend_status listed =
      portend_sockets_create(port_of(busy), port_of(busy), PORTEND_SOCKETS_LISTENING, &sockets);
  CHECK(listed == PORTEND_OK || listed == PORTEND_ERR_UNSUPPORTED);
  portend_sockets_destroy(sockets);
  CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
  CHECK(portend_waiter_add(waiter, names != NULL ? "known.test" : "localhost", port_of(busy),
                           PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
  CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_OK);
  portend_waiter_destroy(waiter);
}

static void begin_waits(pthread_t* threads, const char* host) {
  atomic_store(&over, 0);
  for (int i = 0; i < waiting_threads; ++i) {
    CHECK(pthread_create(&threads[i], NULL, wait_again_and_again, (void*)host) == 0);
  }
}

static void end_waits(pthread_t* threads) {
  atomic_store(&over, 1);
  for (int i = 0; i < waiting_threads; ++i) pthread_join(threads[i], NULL);
}

static void a_child_uses_it_while_threads_of_its_parent_wait(void** state) {
  (void)state;
  pthread_t threads[waiting_threads];
  begin_waits(threads, "localhost");
  for (int i = 0; i < forks(); ++i) in_child(use_it_all, NULL);
  end_waits(threads);
}

static void a_child_uses_the_library_while_look_ups_of_its_parent_hang(void** state) {
  (void)state;
  if (!has_own_names()) skip_because("a resolver that hangs is refused here");
  pthread_t threads[waiting_threads];
  begin_waits(threads, "hanging.test");
  assert_true(comes_to(live_threads, 1 + waiting_threads + 8, 20));
  for (int i = 0; i < forks(); ++i) in_child(use_it_all, "names");
  end_waits(threads);
}

static void fork_grandchildren(void* unused) {
  (void)unused;
  for (int i = 0; i < 20; ++i) in_child(use_it_all, NULL);
  use_it_all(NULL);
}

static void a_child_has_children_of_its_own(void** state) {
  (void)state;
  pthread_t threads[waiting_threads];
  begin_waits(threads, "localhost");
  for (int i = 0; i < 5; ++i) in_child(fork_grandchildren, NULL);
  end_waits(threads);
}

static void find_ten(void* pipe_end) {
  int ports[10];
  for (int i = 0; i < 10; ++i) CHECK(portend_find_port(NULL, &ports[i]) == PORTEND_OK);
  CHECK(write(*(int*)pipe_end, ports, sizeof ports) == sizeof ports);
}

static int compare(const void* left, const void* right) { return *(const int*)left - *(const int*)right; }

static void children_do_not_find_the_same_ports(void** state) {
  (void)state;
  int ports[200];
  int ends[2];
  int first = 0;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(portend_find_port(NULL, &first), PORTEND_OK);
  for (int i = 0; i < 20; ++i) in_child(find_ten, &ends[1]);
  assert_int_equal(read(ends[0], ports, sizeof ports), sizeof ports);
  qsort(ports, 200, sizeof *ports, compare);
  for (int i = 1; i < 200; ++i) assert_int_not_equal(ports[i - 1], ports[i]);
  close(ends[0]);
  close(ends[1]);
}

/* Returns how many open descriptors an executed program inherits. */
static int descriptors_of_executed(void) {
  char text[16] = "";
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  const pid_t child = vfork();
  if (child == 0) {
    dup2(ends[1], 1);
    execl("/bin/sh", "sh", "-c", "exec 2>/dev/null; ls /proc/self/fd | wc -l", (char*)NULL);
    _exit(127);
  }
  close(ends[1]);
  assert_true(read(ends[0], text, sizeof text - 1) > 0);
  close(ends[0]);
  waitpid(child, NULL, 0);
  return atoi(text);
}

static void a_program_that_is_executed_inherits_nothing(void** state) {
  (void)state;
  pthread_t threads[waiting_threads];
  portend_reservation* reservation = NULL;
  portend_waiter* watching = NULL;
  portend_event event;
  const int expected = descriptors_of_executed();
  assert_int_equal(portend_reservation_create(NULL, &reservation), PORTEND_OK);
  assert_int_equal(portend_waiter_create(&watching), PORTEND_OK);
  assert_int_equal(portend_waiter_watch(watching, "localhost", port_of(busy), NULL), PORTEND_OK);
  assert_int_equal(portend_waiter_set_pid(watching, getpid()), PORTEND_OK);
  assert_int_equal(portend_waiter_next(watching, 20000, &event), PORTEND_OK);
  assert_true(portend_reservation_fd_count(reservation) > 0);
  if (is_portable()) printf("skipped: waits beside it: POSIX has no socket that is close-on-exec at once\n");
  if (!is_portable()) begin_waits(threads, has_own_names() ? "hanging.test" : "localhost");
  for (int i = 0; i < 40; ++i) assert_int_equal(descriptors_of_executed(), expected);
  if (!is_portable()) end_waits(threads);
  portend_waiter_destroy(watching);
  portend_reservation_destroy(reservation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_child_uses_it_while_threads_of_its_parent_wait),
      cmocka_unit_test(a_child_uses_the_library_while_look_ups_of_its_parent_hang),
      cmocka_unit_test(a_child_has_children_of_its_own),
      cmocka_unit_test(children_do_not_find_the_same_ports),
      cmocka_unit_test(a_program_that_is_executed_inherits_nothing),
  };
  isolate_program(2);
  held = bound_socket();
  busy = listening_socket();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
