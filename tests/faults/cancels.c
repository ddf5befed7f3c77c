/* SPDX-License-Identifier: MIT */
/* Threads are canceled (pthread_cancel), and hooks leave waits by longjmp. */
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"

static int held;
static int busy;
static atomic_int inside;
static atomic_int returned;
static portend_waiter* shared;

static void occupied(void) {
  CHECK(portend_occupied("127.0.0.1", port_of(held), 300) == PORTEND_ERR_TIMEOUT);
}
static void is_free(void) { CHECK(portend_free("localhost", port_of(busy), 300) == PORTEND_ERR_TIMEOUT); }
static void look_up(void) { CHECK(portend_occupied("hanging.test", 80, 300) == PORTEND_ERR_TIMEOUT); }
static void look_once(void) { CHECK(portend_free("hanging.test", 80, 0) == PORTEND_ERR_TIMEOUT); }
static void assert_free(void) { CHECK(portend_assert_free("hanging.test", 80, 300) == PORTEND_ERR_TIMEOUT); }
static void run(void) { CHECK(portend_waiter_run(shared, PORTEND_ALL, 300) == PORTEND_ERR_TIMEOUT); }

static void next(void) {
  portend_event event;
  CHECK(portend_waiter_next(shared, 20000, &event) == PORTEND_OK);
  CHECK(portend_waiter_next(shared, 300, &event) == PORTEND_ERR_TIMEOUT);
}

static void find(void) {
  int port = 0;
  CHECK(portend_find_port("hanging.test", &port) == PORTEND_ERR_RESOLVE);
}

struct call {
  void (*make)(void);
  int needs_resolver;
  int longest_ms;
};

static const struct call calls[] = {
    {occupied, 0, 300}, {is_free, 0, 300},    {run, 0, 300},         {next, 0, 300},
    {look_up, 1, 300},  {look_once, 1, 1000}, {assert_free, 1, 300}, {find, 1, 5000},
};

static void* be_canceled(void* call) {
  atomic_store(&inside, 1);
  ((const struct call*)call)->make();
  atomic_store(&returned, 1);
  for (;;) pthread_testcancel();
  return NULL;
}

static void cancel_inside(const struct call* call) {
  void* result = NULL;
  pthread_t thread;
  atomic_store(&inside, 0);
  atomic_store(&returned, 0);
  CHECK(pthread_create(&thread, NULL, be_canceled, (void*)call) == 0);
  while (!atomic_load(&inside)) sleep_ms(1);
  sleep_ms(30);
  CHECK(pthread_cancel(thread) == 0);
  CHECK(!atomic_load(&returned));
  CHECK(pthread_join(thread, &result) == 0);
  CHECK(result == PTHREAD_CANCELED);
  CHECK(atomic_load(&returned));
}

static void cancel_each(void* context) {
  const struct call* call = context;
  const int open_before = open_descriptors();
  CHECK(portend_waiter_create(&shared) == PORTEND_OK);
  CHECK(portend_waiter_add(shared, "127.0.0.1", port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
  cancel_inside(call);
  CHECK(portend_waiter_reset(shared) == PORTEND_OK);
  CHECK(portend_waiter_run(shared, PORTEND_ALL, 20) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_occupied("localhost", port_of(busy), 20000) == PORTEND_OK);
  portend_waiter_destroy(shared);
  CHECK(comes_to(live_threads, 1, 10));
  CHECK(open_descriptors() == open_before);
}

static void a_thread_that_is_canceled_inside_a_call_ends_after_it(void** state) {
  (void)state;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    if (calls[i].needs_resolver && !has_own_names()) continue;
    in_child(cancel_each, (void*)&calls[i]);
  }
}

static void* call_when_canceled_before(void* unused) {
  (void)unused;
  while (!atomic_load(&inside)) {
  }
  occupied();
  is_free();
  run();
  atomic_store(&returned, 1);
  pthread_testcancel();
  return NULL;
}

static void a_thread_that_was_canceled_before_may_still_call(void** state) {
  (void)state;
  void* result = NULL;
  pthread_t thread;
  CHECK(portend_waiter_create(&shared) == PORTEND_OK);
  CHECK(portend_waiter_add(shared, "127.0.0.1", port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
  CHECK(pthread_create(&thread, NULL, call_when_canceled_before, NULL) == 0);
  CHECK(pthread_cancel(thread) == 0);
  atomic_store(&inside, 1);
  CHECK(pthread_join(thread, &result) == 0);
  CHECK(result == PTHREAD_CANCELED && atomic_load(&returned));
  portend_waiter_destroy(shared);
}

static jmp_buf out;
static int jump_at;

static int jump(void* count) {
  if (++*(int*)count == jump_at) longjmp(out, 1);
  return 0;
}

static void a_waiter_whose_hook_jumped_out_can_be_destroyed(void** state) {
  (void)state;
  const int open_before = open_descriptors();
  int cancel_state = 0;
  for (jump_at = 1; jump_at <= 3; ++jump_at) {
    int count = 0;
    CHECK(portend_waiter_create(&shared) == PORTEND_OK);
    CHECK(portend_waiter_add(shared, "localhost", port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
    CHECK(portend_waiter_add(shared, "127.0.0.1", port_of(busy), PORTEND_STATE_FREE, NULL) == PORTEND_OK);
    CHECK(portend_waiter_set_interrupt(shared, jump, &count) == PORTEND_OK);
    CHECK(portend_waiter_set_pid(shared, getpid()) == PORTEND_OK);
    if (setjmp(out) == 0) {
      portend_waiter_run(shared, PORTEND_ALL, 20000);
      CHECK(0 && "the hook jumps");
    }
    portend_waiter_destroy(shared);
    CHECK(open_descriptors() == open_before);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &cancel_state);
  }
  CHECK(portend_occupied("localhost", port_of(busy), 20000) == PORTEND_OK);
  CHECK(portend_waiter_create(&shared) == PORTEND_OK);
  CHECK(portend_waiter_add(shared, "localhost", port_of(busy), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
  CHECK(portend_waiter_run(shared, PORTEND_ALL, 20000) == PORTEND_OK);
  portend_waiter_destroy(shared);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_thread_that_is_canceled_inside_a_call_ends_after_it),
      forked(a_thread_that_was_canceled_before_may_still_call),
      forked(a_waiter_whose_hook_jumped_out_can_be_destroyed),
  };
  isolate_program(1);
  held = bound_socket();
  busy = listening_socket();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
