/* SPDX-License-Identifier: MIT */
/* portend_waiter_cancel, called from everywhere it may be called. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/socket.h"

static portend_waiter* waiter_without_end(void) {
  return waiter_for("localhost", closed_port(), PORTEND_STATE_OCCUPIED);
}

static void a_wait_that_was_canceled_before_ends_at_once(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_without_end();
  portend_waiter_cancel(waiter);
  const int64_t began = now_ms();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_string_equal(portend_waiter_message(waiter), "The wait was canceled.");
}

static void a_cancellation_stays_until_reset(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_without_end();
  portend_event event = {.target = 4711};
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  portend_waiter_cancel(waiter);
  for (int i = 0; i < 3; ++i) {
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
    assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_CANCELED);
    assert_status(portend_waiter_next(waiter, PORTEND_FOREVER, &event), PORTEND_ERR_CANCELED);
  }
  assert_int_equal(event.target, 4711);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 20), PORTEND_ERR_TIMEOUT);
}

static void a_state_that_came_does_not_undo_a_cancellation(void** state) {
  (void)state;
  const int port = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  portend_waiter_cancel(waiter);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_CANCELED);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_OK);
}

struct canceller {
  portend_waiter* waiter;
  int64_t delay_us;
};

static void* cancel_later(void* context) {
  const struct canceller* self = context;
  const int64_t end = now_us() + self->delay_us;
  if (self->delay_us >= 2000) sleep_ms(self->delay_us / 1000);
  while (now_us() < end) {
  }
  portend_waiter_cancel(self->waiter);
  return NULL;
}

static void another_thread_ends_a_wait(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_without_end();
  struct canceller canceller = {waiter, 60000};
  pthread_t thread;
  const int64_t began = now_us();
  assert_int_equal(pthread_create(&thread, NULL, cancel_later, &canceller), 0);
  const portend_status status = portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER);
  const int64_t took = now_us() - began;
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(status, PORTEND_ERR_CANCELED);
  assert_in_range(took, 60000, generous_ms * 1000);
}

/* A cancellation may come while the wait creates what it needs, at any moment. */
static void a_wait_may_be_canceled_at_any_moment(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_without_end();
  portend_event event;
  int other_statuses = 0;
  for (int i = 0; i < 1500; ++i) {
    struct canceller canceller = {waiter, i % 300};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, &canceller), 0);
    portend_status status = PORTEND_OK;
    if (i % 2 == 0) {
      status = portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER);
    } else {
      while (status == PORTEND_OK) status = portend_waiter_next(waiter, PORTEND_FOREVER, &event);
    }
    other_statuses += status != PORTEND_ERR_CANCELED;
    pthread_join(thread, NULL);
    other_statuses += portend_waiter_reset(waiter) != PORTEND_OK;
  }
  assert_int_equal(other_statuses, 0);
}

static void a_new_waiter_may_be_canceled_at_any_moment(void** state) {
  (void)state;
  const int port = closed_port();
  int other_statuses = 0;
  for (int i = 0; i < 1000; ++i) {
    portend_waiter* waiter = NULL;
    assert_status(portend_waiter_create(&waiter), PORTEND_OK);
    add_target(waiter, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
    struct canceller canceller = {waiter, i % 200};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, &canceller), 0);
    other_statuses += portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER) != PORTEND_ERR_CANCELED;
    pthread_join(thread, NULL);
    portend_waiter_destroy(waiter);
  }
  assert_int_equal(other_statuses, 0);
}

static portend_waiter* waiter_of_handler;
static volatile sig_atomic_t errno_was_kept;

static void cancel_in_handler(int signal) {
  (void)signal;
  const int before = errno;
  errno = 4711;
  portend_waiter_cancel(waiter_of_handler);
  portend_waiter_cancel(NULL);
  errno_was_kept = errno == 4711;
  errno = before;
}

static void end_alarm(void* unused) {
  (void)unused;
  const struct itimerval none = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &none, NULL);
  signal(SIGALRM, SIG_DFL);
}

static void a_signal_handler_ends_a_wait(void** state) {
  (void)state;
  const int flags[] = {0, SA_RESTART};
  for (int i = 0; i < 2; ++i) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = cancel_in_handler;
    action.sa_flags = flags[i];
    waiter_of_handler = waiter_without_end();
    errno_was_kept = 0;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    at_end(end_alarm, NULL);
    const struct itimerval once = {{0, 0}, {0, 50000}};
    const int64_t began = now_us();
    assert_int_equal(setitimer(ITIMER_REAL, &once, NULL), 0);
    assert_status(portend_waiter_run(waiter_of_handler, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
    assert_in_range(now_us() - began, 49000, generous_ms * 1000);
    assert_true(errno_was_kept);
  }
}

static void one_waiter_is_canceled_and_the_other_one_is_not(void** state) {
  (void)state;
  portend_waiter* canceled = waiter_without_end();
  portend_waiter* other = waiter_without_end();
  portend_waiter_cancel(canceled);
  assert_status(portend_waiter_run(other, PORTEND_ALL, 30), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_run(canceled, PORTEND_ALL, 30), PORTEND_ERR_CANCELED);
}

static void events_before_a_cancellation_are_delivered(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  watch_target(waiter, "127.0.0.1", closed_port());
  watch_target(waiter, "127.0.0.1", closed_port());
  portend_event event;
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  portend_waiter_cancel(waiter);
  portend_status status = PORTEND_OK;
  for (int i = 0; i < 3 && status == PORTEND_OK; ++i) status = portend_waiter_next(waiter, 100, &event);
  assert_status(status, PORTEND_ERR_CANCELED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_wait_that_was_canceled_before_ends_at_once),
      tidy(a_cancellation_stays_until_reset),
      tidy(a_state_that_came_does_not_undo_a_cancellation),
      tidy(another_thread_ends_a_wait),
      tidy(a_wait_may_be_canceled_at_any_moment),
      tidy(a_new_waiter_may_be_canceled_at_any_moment),
      tidy(a_signal_handler_ends_a_wait),
      tidy(one_waiter_is_canceled_and_the_other_one_is_not),
      tidy(events_before_a_cancellation_are_delivered),
  };
  return cmocka_run_group_tests_name("portend_waiter_cancel", tests, NULL, NULL);
}
