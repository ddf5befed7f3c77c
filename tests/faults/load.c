/* SPDX-License-Identifier: MIT */
/* High load for a long time: many threads, many waits in a row, a server that flaps, a process that is
 * stopped while the kernel reports more than fits. PORTEND_FULL increases each. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static int times(int few, int many) { return getenv("PORTEND_FULL") != NULL ? many : few; }

struct waiting {
  int port;
  portend_status wanted;
  int64_t timeout_ms;
};

static void* wait_for_server(void* context) {
  const struct waiting* self = context;
  CHECK(portend_occupied("127.0.0.1", self->port, self->timeout_ms) == self->wanted);
  return NULL;
}

static void many_threads_wait_at_once(void** state) {
  (void)state;
  enum { thread_count = 200 };
  pthread_t threads[thread_count];
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  const struct waiting waits[] = {{port, PORTEND_OK, 60000}, {closed_port(), PORTEND_ERR_TIMEOUT, 200}};
  const int64_t began = now_ms();
  for (int i = 0; i < thread_count; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, wait_for_server, (void*)&waits[i % 2]), 0);
  }
  server_listens(&server);
  for (int i = 0; i < thread_count; ++i) pthread_join(threads[i], NULL);
  printf("%d threads: %d ms\n", thread_count, (int)(now_ms() - began));
  assert_int_equal(server_connections(&server) > 0, servers_see_probes());
}

static void wait_in_a_row(int count, int busy, int closed) {
  for (int i = 0; i < count; ++i) {
    CHECK(portend_occupied("127.0.0.1", busy, 20000) == PORTEND_OK);
    CHECK(portend_free("127.0.0.1", closed, 20000) == PORTEND_OK);
    if (i % 10 == 0) CHECK(portend_occupied("localhost", closed, 0) == PORTEND_ERR_TIMEOUT);
  }
}

static void waits_in_a_row_need_no_more_memory(void** state) {
  (void)state;
  const int busy = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  const int closed = closed_port();
  const int count = times(1000, 50000); /* two waits each */
  wait_in_a_row(100, busy, closed);
  const int descriptors = open_descriptors();
  const size_t before = mallinfo2().uordblks;
  const int64_t began = now_ms();
  wait_in_a_row(count, busy, closed);
  printf("%d waits in a row: %d ms\n", 2 * count, (int)(now_ms() - began));
  assert_int_equal(open_descriptors(), descriptors);
  if (!is_sanitized()) assert_true(mallinfo2().uordblks <= before + 4096);
}

struct flapping {
  int port;
  int changes;
  atomic_bool is_over;
};

static void* flap(void* context) {
  struct flapping* self = context;
  for (int i = 0; i < self->changes; ++i) {
    const int listener = bind_socket("127.0.0.1", self->port, reusing_address);
    if (listener < 0 || listen(listener, 8) != 0) break;
    sleep_ms(1);
    close(listener);
    sleep_ms(1);
  }
  atomic_store(&self->is_over, true);
  return NULL;
}

/* It depends on timing which changes are seen. Reported changes must be true and in order, and end in the
 * last state. */
static void a_server_that_flaps_is_reported_in_order(void** state) {
  (void)state;
  struct flapping flapping = {.port = closed_port(), .changes = times(100, 2000)};
  portend_waiter* waiter = new_waiter();
  portend_event event = {.state = PORTEND_STATE_UNKNOWN};
  portend_state last = PORTEND_STATE_UNKNOWN;
  int64_t last_ns = 0;
  int seen = 0;
  pthread_t server;
  watch_target(waiter, "127.0.0.1", flapping.port);
  assert_int_equal(pthread_create(&server, NULL, flap, &flapping), 0);
  while (!atomic_load(&flapping.is_over) || last != PORTEND_STATE_FREE) {
    const bool may_be_the_last = last == PORTEND_STATE_FREE;
    const portend_status status = portend_waiter_next(waiter, may_be_the_last ? 100 : generous_ms, &event);
    if (status == PORTEND_ERR_TIMEOUT && may_be_the_last) continue;
    assert_status(status, PORTEND_OK);
    assert_int_not_equal(event.state, last);
    assert_true(event.monotonic_ns >= last_ns);
    last = event.state;
    last_ns = event.monotonic_ns;
    ++seen;
  }
  pthread_join(server, NULL);
  printf("%d of %d changes were seen\n", seen, 2 * flapping.changes);
  assert_status(portend_waiter_next(waiter, 50, &event), PORTEND_ERR_TIMEOUT);
  assert_true(seen > 1);
}

struct stopped {
  int listener;
  int port;
};

static void wait_until_free(void* context) {
  const struct stopped* self = context;
  close(self->listener); /* the child's copy */
  CHECK(portend_free("127.0.0.1", self->port, 60000) == PORTEND_OK);
}

/* Each connection that ends is an event for a wait that watches the port of the server. */
static void churn(int listener, int port, int count) {
  for (int i = 0; i < count; ++i) {
    const int client = try_to_connect("127.0.0.1", port);
    const int server = accept(listener, NULL, NULL);
    assert_true(client >= 0 && server >= 0);
    close(client);
    close(server);
  }
}

static void a_wait_that_is_stopped_misses_no_departure(void** state) {
  (void)state;
  const int listener = listen_on("127.0.0.1", 0, reusing_address, 8);
  struct stopped stopped = {listener, port_of(listener)};
  const pid_t child = begin_child(wait_until_free, &stopped);
  sleep_ms(100);
  assert_int_equal(kill(child, SIGSTOP), 0);
  int status = 0;
  assert_int_equal(waitpid(child, &status, WUNTRACED), child);
  assert_true(WIFSTOPPED(status));
  churn(listener, stopped.port, times(1500, 10000));
  release(listener);
  assert_int_equal(kill(child, SIGCONT), 0);
  await_child(child);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      quiet(many_threads_wait_at_once),
      quiet(waits_in_a_row_need_no_more_memory),
      quiet(a_server_that_flaps_is_reported_in_order),
      quiet(a_wait_that_is_stopped_misses_no_departure),
  };
  return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
