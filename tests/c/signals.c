/* SPDX-License-Identifier: MIT */
/* Signals and other state of the process: no signal is lost, and none ends a wait early. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

static volatile sig_atomic_t alarms;

static void count_alarm(int signal) {
  (void)signal;
  ++alarms;
}

static void end_storm(void* unused) {
  (void)unused;
  const struct itimerval none = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &none, NULL);
  signal(SIGALRM, SIG_DFL);
}

/* Raises a signal every millisecond until the end of the test; system calls are not restarted. */
static void begin_storm(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = count_alarm;
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  at_end(end_storm, NULL);
  alarms = 0;
  const struct itimerval every_ms = {{0, 1000}, {0, 1000}};
  assert_int_equal(setitimer(ITIMER_REAL, &every_ms, NULL), 0);
}

static void a_storm_of_signals_ends_no_wait_early_or_late(void** state) {
  (void)state;
  const int closed = closed_port();
  const int open = port_of(listen_on("127.0.0.1", 0, strictly, 1024));
  begin_storm();
  int64_t began = now_us();
  assert_status(portend_occupied("localhost", closed, 300), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 300000, 300000 + generous_ms * 1000);
  assert_true(alarms >= 30);
  began = now_us();
  assert_status(portend_free("localhost", open, 300), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 300000, 300000 + generous_ms * 1000);
}

static void a_storm_of_signals_hides_no_change(void** state) {
  (void)state;
  const int port = closed_port();
  const struct server server = start_server("127.0.0.1", port, strictly);
  begin_storm();
  server_will_listen(&server, 60);
  assert_status(portend_occupied("127.0.0.1", port, PORTEND_FOREVER), PORTEND_OK);
  server_done_ns(&server);
  server_will_close(&server, 60);
  assert_status(portend_free("127.0.0.1", port, PORTEND_FOREVER), PORTEND_OK);
  server_done_ns(&server);
  assert_true(alarms >= 10);
}

static void a_storm_of_signals_hides_no_event(void** state) {
  (void)state;
  const int port = closed_port();
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", port);
  portend_event event;
  begin_storm();
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  const int64_t began = now_us();
  assert_status(portend_waiter_next(waiter, 200, &event), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 200000, 200000 + generous_ms * 1000);
}

static int look_at_process(void* seen) {
  sigset_t* mask = seen;
  assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, mask), 0);
  /* A program that is started meanwhile must not inherit descriptors of the library. */
  for (int fd = 3; fd < 64; ++fd) {
    const int flags = fcntl(fd, F_GETFD);
    if (flags >= 0) assert_int_equal(flags & FD_CLOEXEC, FD_CLOEXEC);
  }
  return 0;
}

static void masks_and_handlers_are_kept_and_descriptors_are_close_on_exec(void** state) {
  (void)state;
  struct sigaction pipe_before;
  sigaction(SIGPIPE, NULL, &pipe_before);
  sigset_t before;
  sigset_t during;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, NULL, &before);
  for (int fd = 3; fd < 64; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC); /* descriptors that this test inherited */

  portend_waiter* waiter = waiter_for("localhost", closed_port(), PORTEND_STATE_OCCUPIED);
  add_target(waiter, "127.0.0.1", port_of(listen_on("127.0.0.1", 0, strictly, 512)), PORTEND_STATE_FREE);
  assert_status(portend_waiter_set_interrupt(waiter, look_at_process, &during), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 250), PORTEND_ERR_TIMEOUT);

  struct sigaction pipe_after;
  sigaction(SIGPIPE, NULL, &pipe_after);
  pthread_sigmask(SIG_SETMASK, NULL, &after);
  for (int number = 1; number < 32; ++number) {
    assert_int_equal(sigismember(&before, number), sigismember(&during, number));
    assert_int_equal(sigismember(&before, number), sigismember(&after, number));
  }
  assert_true(pipe_before.sa_handler == pipe_after.sa_handler);
}

struct canceled {
  int port;
  portend_status status;
  bool ended;
};

static void* wait_and_be_canceled(void* context) {
  struct canceled* self = context;
  self->status = portend_occupied("localhost", self->port, 200);
  self->ended = true;
  pthread_testcancel();
  return NULL;
}

static void a_thread_that_is_canceled_ends_after_the_call(void** state) {
  (void)state;
  struct canceled self = {.port = closed_port(), .status = PORTEND_OK};
  pthread_t thread;
  void* result = NULL;
  assert_int_equal(pthread_create(&thread, NULL, wait_and_be_canceled, &self), 0);
  assert_int_equal(pthread_cancel(thread), 0);
  assert_int_equal(pthread_join(thread, &result), 0);
  assert_ptr_equal(result, PTHREAD_CANCELED);
  /* If the wait was not canceled before it began, the hook must have returned. */
  if (self.status != PORTEND_OK) assert_true(self.ended);
}

static void* begin_and_wait(void* context) {
  struct canceled* self = context;
  __atomic_store_n(&self->ended, true, __ATOMIC_SEQ_CST);
  self->status = portend_occupied("localhost", self->port, 200);
  pthread_testcancel();
  return NULL;
}

static void a_thread_that_is_canceled_during_a_call_leaks_nothing(void** state) {
  (void)state;
  for (int i = 0; i < 5; ++i) {
    struct canceled self = {.port = closed_port(), .status = PORTEND_OK};
    pthread_t thread;
    void* result = NULL;
    assert_int_equal(pthread_create(&thread, NULL, begin_and_wait, &self), 0);
    while (!__atomic_load_n(&self.ended, __ATOMIC_SEQ_CST)) sleep_ms(1);
    sleep_ms(10 * i);
    assert_int_equal(pthread_cancel(thread), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, PTHREAD_CANCELED);
    if (i > 0) assert_int_equal(self.status, PORTEND_ERR_TIMEOUT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_storm_of_signals_ends_no_wait_early_or_late),
      tidy(a_storm_of_signals_hides_no_change),
      tidy(a_storm_of_signals_hides_no_event),
      tidy(masks_and_handlers_are_kept_and_descriptors_are_close_on_exec),
      tidy(a_thread_that_is_canceled_ends_after_the_call),
      tidy(a_thread_that_is_canceled_during_a_call_leaks_nothing),
  };
  return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
