/* SPDX-License-Identifier: MIT */
/* A wait in a foreign event loop: poll(2) and libuv. */
#include <poll.h>
#include <pthread.h>

#include <uv.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

/* A system without a pollable descriptor reports that, and the rest of the test is skipped. */
#define skip_if_unsupported_by_platform()                                                    \
  do {                                                                                       \
    if (is_portable()) {                                                                     \
      portend_waiter* refused = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_FREE);  \
      assert_status(portend_waiter_start(refused, PORTEND_ALL, 0), PORTEND_ERR_UNSUPPORTED); \
      assert_contains(portend_waiter_message(refused), "no pollable descriptor");            \
      assert_status(portend_waiter_run(refused, PORTEND_ALL, 0), PORTEND_OK);                \
      skip_because("this build has no pollable descriptor");                                 \
    }                                                                                        \
  } while (0)

static int descriptor_of(portend_waiter* waiter) {
  int fd = -1;
  assert_status(portend_waiter_fd(waiter, &fd), PORTEND_OK);
  assert_true(fd >= 0);
  return fd;
}

/* Polls until the wait has ended; `wakeups` receives the number of wake-ups. */
static portend_status drive(portend_waiter* waiter, int* wakeups) {
  portend_status status = PORTEND_PENDING;
  const int64_t began = now_ms();
  for (*wakeups = 0; status == PORTEND_PENDING; ++*wakeups) {
    struct pollfd ready = {.fd = descriptor_of(waiter), .events = POLLIN, .revents = 0};
    assert_int_equal(poll(&ready, 1, generous_ms), 1);
    status = portend_waiter_process(waiter);
    assert_true(now_ms() - began < 2 * generous_ms);
  }
  return status;
}

static void a_wait_is_driven_by_poll_to_its_end(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_for("localhost", port, PORTEND_STATE_OCCUPIED);
  const int64_t began = now_us();
  server_will_listen(&server, 60);
  int wakeups;
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_status(drive(waiter, &wakeups), PORTEND_OK);
  assert_true(now_us() - began >= 60000);
  assert_int_equal(portend_waiter_reached(waiter, 0), 1);
}

static void a_wait_for_a_close_runs_by_poll_with_few_wakeups(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  server_listens(&server);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_FREE);
  server_will_close(&server, 300);
  int wakeups;
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_status(drive(waiter, &wakeups), PORTEND_OK);
  assert_in_range(wakeups, 1, looks_by_connecting() ? generous_ms / 20 : 20);
}

static void the_deadline_wakes_the_loop(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  const int64_t timeouts[] = {1, 10, 120};
  for (int i = 0; i < 3; ++i) {
    int wakeups;
    const int64_t began = now_us();
    assert_status(portend_waiter_start(waiter, PORTEND_ALL, timeouts[i]), PORTEND_OK);
    assert_status(drive(waiter, &wakeups), PORTEND_ERR_TIMEOUT);
    const int64_t took = now_us() - began;
    assert_in_range(took, timeouts[i] * 1000, generous_ms * 1000);
    assert_contains(portend_waiter_message(waiter), "not bound");
    /* At most one wake-up per 0.2 ms, and some for other probes. */
    assert_in_range(wakeups, 1, took * 6 / 1000 + 10);
  }
}

static void a_probe_may_run_in_a_loop(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  int wakeups;
  portend_waiter* waiter = waiter_for("localhost", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, 0), PORTEND_OK);
  assert_status(drive(waiter, &wakeups), PORTEND_ERR_TIMEOUT);
  portend_waiter* reached = waiter_for("localhost", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_waiter_start(reached, PORTEND_ANY, 0), PORTEND_OK);
  assert_status(drive(reached, &wakeups), PORTEND_OK);
}

static void a_descriptor_stays_open_until_the_next_wait_or_reset(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  int fd = 4711;
  assert_status(portend_waiter_fd(waiter, &fd), PORTEND_ERR_INVALID);
  assert_status(portend_waiter_process(waiter), PORTEND_ERR_INVALID);
  assert_contains(portend_waiter_message(waiter), "No wait is under way");
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, 1000), PORTEND_OK);
  assert_int_equal(fd, 4711);
  assert_status(portend_waiter_fd(waiter, &fd), PORTEND_OK);
  assert_status(portend_waiter_process(waiter), PORTEND_OK);
  /* A loop that still polls the descriptor finds it open and not readable. */
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  assert_int_equal(poll(&polled, 1, 0), 0);
  assert_status(portend_waiter_fd(waiter, &fd), PORTEND_OK);
  assert_status(portend_waiter_process(waiter), PORTEND_ERR_INVALID);
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, 1000), PORTEND_OK);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_fd(waiter, &fd), PORTEND_ERR_INVALID);
}

static void* cancel_soon(void* waiter) {
  sleep_ms(40);
  portend_waiter_cancel(waiter);
  return NULL;
}

static void another_thread_wakes_the_loop_by_cancelling(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port_of(listen_on("127.0.0.1", 0, strictly, 64)));
  pthread_t thread;
  int wakeups;
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(pthread_create(&thread, NULL, cancel_soon, waiter), 0);
  const portend_status status = drive(waiter, &wakeups);
  pthread_join(thread, NULL);
  assert_int_equal(status, PORTEND_ERR_CANCELED);
}

static void a_watch_is_driven_and_its_changes_are_taken(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, 2 * generous_ms), PORTEND_OK);
  portend_event event;
  int changes = 0;
  while (changes < 5) {
    struct pollfd ready = {.fd = descriptor_of(waiter), .events = POLLIN, .revents = 0};
    assert_int_equal(poll(&ready, 1, generous_ms), 1);
    assert_status(portend_waiter_process(waiter), PORTEND_PENDING);
    while (portend_waiter_next(waiter, 0, &event) == PORTEND_OK) {
      assert_int_equal(event.state, changes % 2 == 0 ? PORTEND_STATE_FREE : PORTEND_STATE_OCCUPIED);
      if (changes % 2 == 0) server_listens(&server);
      if (changes % 2 == 1) server_closes(&server);
      ++changes;
    }
  }
}

static void a_death_wakes_the_loop(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_pid(waiter, server.pid), PORTEND_OK);
  assert_status(portend_waiter_set_interval(waiter, 3600000000, 0), PORTEND_OK);
  server_will_die(&server, 40);
  int wakeups;
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  assert_status(drive(waiter, &wakeups), PORTEND_ERR_GONE);
}

/* One wait in a libuv loop that also does other things. */
struct guest {
  uv_poll_t poll;
  portend_waiter* waiter;
  portend_status status;
};

static void on_ready(uv_poll_t* poll, int status, int events) {
  (void)events;
  struct guest* guest = poll->data;
  guest->status = status == 0 ? portend_waiter_process(guest->waiter) : PORTEND_ERR_INTERNAL;
  if (guest->status == PORTEND_PENDING) return;
  uv_poll_stop(poll);
  uv_close((uv_handle_t*)poll, NULL);
}

static void enter_loop(uv_loop_t* loop, struct guest* guest, portend_waiter* waiter, int64_t timeout_ms) {
  guest->waiter = waiter;
  assert_status(portend_waiter_start(waiter, PORTEND_ALL, timeout_ms), PORTEND_OK);
  assert_int_equal(uv_poll_init(loop, &guest->poll, descriptor_of(waiter)), 0);
  guest->poll.data = guest;
  assert_int_equal(uv_poll_start(&guest->poll, UV_READABLE, on_ready), 0);
}

static void count_tick(uv_timer_t* timer) {
  int* ticks = timer->data;
  if (++*ticks == 20) uv_close((uv_handle_t*)timer, NULL);
}

static void end_libuv(void* unused) {
  (void)unused;
  uv_library_shutdown();
}

static void libuv_drives_several_waits_beside_its_own_work(void** state) {
  (void)state;
  skip_if_unsupported_by_platform();
  const int port = closed_port();
  const struct server server = start_server("::", port, dual_stack);
  uv_loop_t loop;
  uv_timer_t timer;
  int ticks = 0;
  struct guest found;
  struct guest late;
  struct guest missed;
  at_end(end_libuv, NULL);
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(uv_timer_init(&loop, &timer), 0);
  timer.data = &ticks;
  assert_int_equal(uv_timer_start(&timer, count_tick, 5, 5), 0);
  const int open_port = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  enter_loop(&loop, &found, waiter_for("localhost", open_port, PORTEND_STATE_OCCUPIED), PORTEND_FOREVER);
  enter_loop(&loop, &late, waiter_for("localhost", port, PORTEND_STATE_OCCUPIED), PORTEND_FOREVER);
  enter_loop(&loop, &missed, waiter_for("localhost", closed_port(), PORTEND_STATE_OCCUPIED), 50);
  server_will_listen(&server, 80);
  assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
  assert_int_equal(found.status, PORTEND_OK);
  assert_int_equal(late.status, PORTEND_OK);
  assert_int_equal(missed.status, PORTEND_ERR_TIMEOUT);
  assert_int_equal(ticks, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_wait_is_driven_by_poll_to_its_end),
      tidy(a_wait_for_a_close_runs_by_poll_with_few_wakeups),
      tidy(the_deadline_wakes_the_loop),
      tidy(a_probe_may_run_in_a_loop),
      tidy(a_descriptor_stays_open_until_the_next_wait_or_reset),
      tidy(another_thread_wakes_the_loop_by_cancelling),
      tidy(a_watch_is_driven_and_its_changes_are_taken),
      tidy(a_death_wakes_the_loop),
      tidy(libuv_drives_several_waits_beside_its_own_work),
  };
  return cmocka_run_group_tests_name("foreign event loops", tests, NULL, NULL);
}
