/* SPDX-License-Identifier: MIT */
/* Several threads on one handle and on several handles, and a child that is forked meanwhile. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

enum { thread_count = 8 };

struct call {
  portend_status (*wait)(const char* host, int port, int64_t timeout_ms);
  const char* host;
  int port;
  int64_t timeout_ms;
  portend_status status;
  int64_t took_us;
  char error[300];
};

static void* do_call(void* context) {
  struct call* self = context;
  const int64_t began = now_us();
  self->status = self->wait(self->host, self->port, self->timeout_ms);
  self->took_us = now_us() - began;
  strncpy(self->error, portend_last_error(), sizeof self->error - 1);
  return NULL;
}

static void begin_calls(pthread_t* threads, struct call* calls, int count) {
  for (int i = 0; i < count; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, do_call, &calls[i]), 0);
  }
}

static void end_calls(const pthread_t* threads, int count) {
  for (int i = 0; i < count; ++i) pthread_join(threads[i], NULL);
}

static void threads_may_wait_for_the_same_target(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  pthread_t threads[thread_count];
  struct call calls[thread_count];
  for (int i = 0; i < thread_count; ++i) {
    calls[i] = (struct call){portend_occupied, "localhost", port, PORTEND_FOREVER, 1, 0, ""};
  }
  begin_calls(threads, calls, thread_count);
  server_will_listen(&server, 100);
  end_calls(threads, thread_count);
  for (int i = 0; i < thread_count; ++i) assert_int_equal(calls[i].status, PORTEND_OK);
  server_done_ns(&server);
  assert_int_equal(server_connections(&server), servers_see_probes() ? thread_count : 0);

  for (int i = 0; i < thread_count; ++i) calls[i].wait = portend_free;
  begin_calls(threads, calls, thread_count);
  server_will_close(&server, 100);
  end_calls(threads, thread_count);
  for (int i = 0; i < thread_count; ++i) assert_int_equal(calls[i].status, PORTEND_OK);
}

static void threads_may_wait_for_other_targets_with_deadlines_of_their_own(void** state) {
  (void)state;
  pthread_t threads[thread_count];
  struct call calls[thread_count];
  for (int i = 0; i < thread_count; ++i) {
    calls[i] = (struct call){portend_occupied, "127.0.0.1", closed_port(), 20 * i, 1, 0, ""};
    if (i % 2 == 1) {
      calls[i].wait = portend_free;
      calls[i].port = port_of(listen_on("127.0.0.1", 0, strictly, 256));
    }
  }
  begin_calls(threads, calls, thread_count);
  end_calls(threads, thread_count);
  for (int i = 0; i < thread_count; ++i) {
    assert_int_equal(calls[i].status, PORTEND_ERR_TIMEOUT);
    assert_in_range(calls[i].took_us, calls[i].timeout_ms * 1000, generous_ms * 1000);
    char part[32];
    snprintf(part, sizeof part, "Port %d not %s", calls[i].port, i % 2 == 1 ? "free" : "bound");
    assert_begins(calls[i].error, part);
  }
}

/* A wait in another thread, which ends at the latest with the test. */
struct long_wait {
  portend_waiter* waiter;
  portend_status status;
  pthread_t thread;
  bool under_way;
};

static void* run_for_ever(void* context) {
  struct long_wait* self = context;
  self->status = portend_waiter_run(self->waiter, PORTEND_ALL, PORTEND_FOREVER);
  return NULL;
}

static void end_long_wait(void* context) {
  struct long_wait* self = context;
  if (!self->under_way) return;
  self->under_way = false;
  portend_waiter_cancel(self->waiter);
  pthread_join(self->thread, NULL);
}

/* Returns when the other thread is in its wait. */
static struct long_wait* begin_long_wait(void) {
  static struct long_wait self;
  self.waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  self.status = PORTEND_OK;
  assert_status(portend_waiter_set_interval(self.waiter, 50, 50), PORTEND_OK);
  assert_int_equal(pthread_create(&self.thread, NULL, run_for_ever, &self), 0);
  self.under_way = true;
  at_end(end_long_wait, &self);
  const int64_t began = now_ms();
  while (portend_waiter_probes(self.waiter, 0) == 0) assert_true(now_ms() - began < generous_ms);
  return &self;
}

static void a_waiter_that_is_in_use_refuses_another_thread(void** state) {
  (void)state;
  struct long_wait* wait = begin_long_wait();
  portend_waiter* waiter = wait->waiter;
  portend_event event = {.target = 4711};
  int index = 4711;
  const portend_status refused[] = {
      portend_waiter_run(waiter, PORTEND_ALL, 0),
      portend_waiter_next(waiter, 0, &event),
      portend_waiter_start(waiter, PORTEND_ALL, 0),
      portend_waiter_process(waiter),
      portend_waiter_fd(waiter, &index),
      portend_waiter_reset(waiter),
      portend_waiter_add(waiter, "a", 1, PORTEND_STATE_FREE, &index),
      portend_waiter_watch(waiter, "a", 1, &index),
      portend_waiter_set_interval(waiter, 0, 0),
      portend_waiter_set_attempt_limit(waiter, 1),
      portend_waiter_set_family(waiter, 0),
      portend_waiter_set_name_retry(waiter, 0),
      portend_waiter_set_pid(waiter, 0),
      portend_waiter_set_interrupt(waiter, NULL, NULL),
  };
  char message[200];
  strncpy(message, portend_last_error(), sizeof message - 1);
  end_long_wait(wait);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
    assert_int_equal(refused[i], PORTEND_ERR_INVALID);
  }
  assert_begins(message, "Another thread uses this handle");
  assert_int_equal(event.target, 4711);
  assert_int_equal(index, 4711);
  assert_int_equal(wait->status, PORTEND_ERR_CANCELED);
  assert_int_equal(portend_waiter_count(waiter), 1);
  assert_string_equal(portend_waiter_message(waiter), "The wait was canceled.");
}

static void a_waiter_may_be_asked_during_a_wait(void** state) {
  (void)state;
  struct long_wait* wait = begin_long_wait();
  portend_waiter* waiter = wait->waiter;
  int wrong = 0;
  int64_t probes = 0;
  for (int i = 0; i < 300; ++i) {
    wrong += portend_waiter_count(waiter) != 1;
    wrong += portend_waiter_state(waiter, 0) != PORTEND_STATE_FREE;
    wrong += portend_waiter_reason(waiter, 0) != PORTEND_REASON_REFUSED;
    wrong += portend_waiter_reached(waiter, 0) != 0;
    wrong += strcmp(portend_waiter_address(waiter, 0), "127.0.0.1") != 0;
    wrong += strstr(portend_waiter_explain(waiter, 0), "refused by 127.0.0.1") == NULL;
    wrong += portend_waiter_elapsed_us(waiter, 0) <= 0;
    wrong += strcmp(portend_waiter_message(waiter), "") != 0;
    wrong += portend_waiter_probes(waiter, 0) < probes;
    probes = portend_waiter_probes(waiter, 0);
  }
  end_long_wait(wait);
  assert_int_equal(wrong, 0);
  assert_int_equal(wait->status, PORTEND_ERR_CANCELED);
}

struct searches {
  portend_finder* finder;
  int found;
  int others;
};

static void* search_often(void* context) {
  struct searches* self = context;
  const int64_t began = now_ms();
  while (self->found < 100 && now_ms() - began < generous_ms) {
    int port = 0;
    const portend_status status = portend_finder_find(self->finder, &port, 1);
    if (status == PORTEND_OK) ++self->found;
    if (status != PORTEND_OK && status != PORTEND_ERR_INVALID) ++self->others;
  }
  return NULL;
}

static void a_finder_serves_one_thread_at_a_time(void** state) {
  (void)state;
  portend_finder* finder = new_finder();
  struct searches searches[2] = {{finder, 0, 0}, {finder, 0, 0}};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, search_often, &searches[i]), 0);
  }
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(searches[i].found, 100);
    assert_int_equal(searches[i].others, 0);
  }
}

static void use_everything(void* unused) {
  (void)unused;
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  int found = 0;
  assert_status(portend_occupied("localhost", port, 1000), PORTEND_OK);
  assert_status(portend_free("localhost", port, 30), PORTEND_ERR_TIMEOUT);
  assert_status(portend_find_port(NULL, &found), PORTEND_OK);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_FREE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 30), PORTEND_ERR_TIMEOUT);
  new_reservation(NULL);
}

static void a_child_that_was_forked_during_a_wait_may_use_the_library_at_once(void** state) {
  (void)state;
  struct long_wait* wait = begin_long_wait();
  for (int i = 0; i < 10; ++i) in_child(use_everything, NULL);
  end_long_wait(wait);
  assert_int_equal(wait->status, PORTEND_ERR_CANCELED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(threads_may_wait_for_the_same_target),
      tidy(threads_may_wait_for_other_targets_with_deadlines_of_their_own),
      tidy(a_waiter_that_is_in_use_refuses_another_thread),
      quiet(a_waiter_may_be_asked_during_a_wait),
      tidy(a_finder_serves_one_thread_at_a_time),
      tidy(a_child_that_was_forked_during_a_wait_may_use_the_library_at_once),
  };
  return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
