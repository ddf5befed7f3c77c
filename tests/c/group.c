/* SPDX-License-Identifier: MIT */
/* Many waits in one event loop. */
#include <portend/group.h>
#include <portend/watch.h>

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"

enum { many = 1000 };

static void destroy_group(void* group) { portend_group_destroy(group); }

static portend_group* new_group(void) {
  portend_group* group = NULL;
  assert_status(portend_group_create(&group), PORTEND_OK);
  at_end(destroy_group, group);
  return group;
}

static void each_wait_ends_by_itself(void** state) {
  (void)state;
  const int late_port = closed_port();
  const struct server late = start_server("127.0.0.1", late_port, strictly);
  const int open = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  portend_waiter* const waiters[] = {waiter_for("127.0.0.1", open, PORTEND_STATE_OCCUPIED),
                                     waiter_for("127.0.0.1", late_port, PORTEND_STATE_OCCUPIED),
                                     waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED)};
  const int64_t timeouts[] = {generous_ms, generous_ms, 100};
  const portend_status wanted[] = {PORTEND_OK, PORTEND_OK, PORTEND_ERR_TIMEOUT};
  portend_group* group = new_group();
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_group_start(group, waiters[i], PORTEND_ALL, timeouts[i], 10 + i), PORTEND_OK);
  }
  const int order[] = {0, 2, 1};
  for (int i = 0; i < 3; ++i) {
    int64_t id = 0;
    if (order[i] == 1) server_listens(&late);
    assert_status(portend_group_next(group, generous_ms, &id), PORTEND_OK);
    assert_int_equal(id, 10 + order[i]);
    assert_status(portend_waiter_process(waiters[order[i]]), wanted[order[i]]);
  }
}

static void many_waits_take_few_descriptors_and_threads(void** state) {
  (void)state;
  const int descriptors = open_descriptors();
  const int threads = live_threads();
  const int port = closed_port();
  const int64_t began = now_ms();
  portend_group* group = new_group();
  portend_waiter* waiters[many];
  for (int i = 0; i < many; ++i) {
    waiters[i] = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
    assert_status(portend_group_start(group, waiters[i], PORTEND_ALL, 1500 + i % 100, i), PORTEND_OK);
  }
  int64_t id = 0;
  assert_in_range(open_descriptors() - descriptors, 1, 16);
  assert_in_range(live_threads() - threads, 0, 4);
  for (int i = 0; i < many; ++i) {
    assert_status(portend_group_next(group, generous_ms, &id), PORTEND_OK);
    assert_status(portend_waiter_process(waiters[id]), PORTEND_ERR_TIMEOUT);
    assert_true(now_ms() - began >= 1500);
  }
  assert_status(portend_group_next(group, 0, &id), PORTEND_ERR_TIMEOUT);
}

/* Without sock_diag a listing of all listeners takes several milliseconds. */
static void the_messages_of_many_that_end_together_cost_little(void** state) {
  (void)state;
  const int port = closed_port();
  portend_waiter* waiters[many];
  for (int i = 0; i < many; ++i) {
    waiters[i] = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
    assert_status(portend_waiter_run(waiters[i], PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  }
  const int64_t before = cpu_us();
  for (int i = 0; i < many; ++i) assert_begins(portend_waiter_message(waiters[i]), "Port ");
  assert_in_range(cpu_us() - before, 0, many * 1000);
}

static int interrupt_at_once(void* unused) {
  (void)unused;
  return 1;
}

static void a_hook_interrupts_the_group_and_not_its_waits(void** state) {
  (void)state;
  portend_group* group = new_group();
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, PORTEND_FOREVER, 1), PORTEND_OK);
  assert_status(portend_group_set_interrupt(group, interrupt_at_once, NULL), PORTEND_OK);
  int64_t id = 0;
  assert_status(portend_group_next(group, PORTEND_FOREVER, &id), PORTEND_ERR_CANCELED);
  assert_string_equal(portend_group_message(group), "The group was interrupted.");
  assert_status(portend_group_set_interrupt(group, NULL, NULL), PORTEND_OK);
  assert_status(portend_group_next(group, 0, &id), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_INVALID);
  assert_string_equal(portend_waiter_message(waiter), "The wait is in a group: the group runs it.");
}

static bool is_readable(portend_group* group) {
  int fd = -1;
  assert_status(portend_group_fd(group, &fd), PORTEND_OK);
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  return poll(&ready, 1, 0) == 1;
}

/* A loop may take one wait whenever the descriptor is readable. */
static void the_descriptor_stays_readable_until_each_wait_was_told(void** state) {
  (void)state;
  portend_group* group = new_group();
  int fd = -1;
  const portend_status status = portend_group_fd(group, &fd);
  if (status == PORTEND_ERR_UNSUPPORTED) skip_because("this platform has no descriptor for a group");
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  for (int i = 0; i < 3; ++i) {
    portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
    assert_status(portend_group_start(group, waiter, PORTEND_ALL, generous_ms, i), PORTEND_OK);
  }
  int64_t id = 0;
  for (int i = 0; i < 3; ++i) {
    assert_true(is_readable(group));
    assert_status(portend_group_next(group, 0, &id), PORTEND_OK);
  }
  assert_status(portend_group_next(group, 0, &id), PORTEND_ERR_TIMEOUT);
  assert_false(is_readable(group));
}

static void a_foreign_loop_polls_one_descriptor(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_group* group = new_group();
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  int fd = -1;
  const portend_status status = portend_group_fd(group, &fd);
  if (status == PORTEND_ERR_UNSUPPORTED) skip();
  assert_status(status, PORTEND_OK);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, generous_ms, 7), PORTEND_OK);
  server_will_listen(&server, 50);
  int64_t id = 0;
  const int64_t end = now_ms() + generous_ms;
  while (portend_group_next(group, 0, &id) == PORTEND_ERR_TIMEOUT) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, generous_ms), 1);
    assert_true(now_ms() < end);
  }
  assert_int_equal(id, 7);
  assert_status(portend_waiter_process(waiter), PORTEND_OK);
}

static void a_watch_in_a_group_has_events(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_group* group = new_group();
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, PORTEND_FOREVER, 3), PORTEND_OK);
  const portend_state wanted[] = {PORTEND_STATE_FREE, PORTEND_STATE_OCCUPIED, PORTEND_STATE_FREE};
  for (int i = 0; i < 3; ++i) {
    int64_t id = 0;
    portend_event event;
    assert_status(portend_group_next(group, generous_ms, &id), PORTEND_OK);
    assert_int_equal(id, 3);
    assert_status(portend_waiter_next(waiter, 0, &event), PORTEND_OK);
    assert_int_equal(event.state, wanted[i]);
    if (i == 0) server_listens(&server);
    if (i == 1) server_closes(&server);
  }
}

static void a_waiter_leaves_when_it_is_destroyed_or_reset(void** state) {
  (void)state;
  portend_group* group = new_group();
  portend_waiter* waiter = NULL;
  assert_status(portend_waiter_create(&waiter), PORTEND_OK);
  add_target(waiter, "127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, 100, 1), PORTEND_OK);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, 100, 1), PORTEND_ERR_INVALID);
  portend_waiter_destroy(waiter);
  portend_waiter* other = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, other, PORTEND_ALL, 100, 2), PORTEND_OK);
  assert_status(portend_waiter_reset(other), PORTEND_OK);
  int64_t id = 0;
  assert_status(portend_group_next(group, 300, &id), PORTEND_ERR_TIMEOUT);
}

static void start_in_the_group_of_the_parent(void* group) {
  portend_waiter* waiter = NULL;
  int64_t id = 0;
  assert_status(portend_waiter_create(&waiter), PORTEND_OK);
  add_target(waiter, "127.0.0.1", 1, PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, 0, 1), PORTEND_ERR_INVALID);
  assert_string_equal(portend_waiter_message(waiter), "The group belongs to the parent of this process.");
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_status(portend_group_next(group, 0, &id), PORTEND_ERR_INVALID);
  portend_waiter_destroy(waiter);
  portend_group_destroy(group);
}

static void a_group_of_the_parent_is_refused(void** state) {
  (void)state;
  portend_group* group = new_group();
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, 100, 1), PORTEND_OK);
  in_child(start_in_the_group_of_the_parent, group);
  int64_t id = 0;
  assert_status(portend_group_next(group, generous_ms, &id), PORTEND_OK);
}

static void* cancel_soon(void* group) {
  sleep_ms(50);
  portend_group_cancel(group);
  return NULL;
}

static void another_thread_cancels(void** state) {
  (void)state;
  portend_group* group = new_group();
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_group_start(group, waiter, PORTEND_ALL, PORTEND_FOREVER, 1), PORTEND_OK);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, cancel_soon, group), 0);
  int64_t id = 0;
  assert_status(portend_group_next(group, PORTEND_FOREVER, &id), PORTEND_ERR_CANCELED);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

struct starter {
  portend_group* group;
  portend_waiter* waiter;
};

static void* start_soon(void* context) {
  const struct starter* self = context;
  sleep_ms(50);
  return portend_group_start(self->group, self->waiter, PORTEND_ALL, generous_ms, 5) == PORTEND_OK ? NULL
                                                                                                   : context;
}

static void a_wait_starts_while_another_thread_runs_the_group(void** state) {
  (void)state;
  const int open = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  struct starter starter = {new_group(), waiter_for("127.0.0.1", open, PORTEND_STATE_OCCUPIED)};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, start_soon, &starter), 0);
  int64_t id = 0;
  assert_status(portend_group_next(starter.group, generous_ms, &id), PORTEND_OK);
  assert_int_equal(id, 5);
  void* failed = NULL;
  assert_int_equal(pthread_join(thread, &failed), 0);
  assert_null(failed);
  assert_status(portend_waiter_process(starter.waiter), PORTEND_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      forked(each_wait_ends_by_itself),
      forked(many_waits_take_few_descriptors_and_threads),
      forked(the_messages_of_many_that_end_together_cost_little),
      forked(a_hook_interrupts_the_group_and_not_its_waits),
      forked(a_foreign_loop_polls_one_descriptor),
      forked(the_descriptor_stays_readable_until_each_wait_was_told),
      forked(a_watch_in_a_group_has_events),
      forked(a_waiter_leaves_when_it_is_destroyed_or_reset),
      forked(a_group_of_the_parent_is_refused),
      forked(another_thread_cancels),
      forked(a_wait_starts_while_another_thread_runs_the_group),
  };
  return cmocka_run_group_tests_name("portend/group.h", tests, NULL, NULL);
}
