/* SPDX-License-Identifier: MIT */
/* The calendar clock jumps back and forth by years; only the calendar time of events may follow. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/socket.h"

static atomic_int calendar_readings;

/* Replaces the function of the C library. */
int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (clock != CLOCK_REALTIME) return result;
  const int reading = atomic_fetch_add(&calendar_readings, 1);
  now->tv_sec += (reading % 2 == 0 ? -1 : 1) * 40L * 365 * 24 * 3600;
  return result;
}

time_t time(time_t* room) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (room != NULL) *room = now.tv_sec;
  return now.tv_sec;
}

static void deadlines_do_not_follow_the_calendar(void** state) {
  (void)state;
  const int held = bound_socket();
  for (int i = 0; i < 10; ++i) {
    const int64_t began = now_ms();
    assert_int_equal(portend_occupied("localhost", port_of(held), 50), PORTEND_ERR_TIMEOUT);
    assert_true(now_ms() - began >= 50);
    assert_true(now_ms() - began < 5000);
  }
  close(held);
}

static void changes_have_times_of_a_clock_that_does_not_jump(void** state) {
  (void)state;
  pthread_t thread;
  int held = bound_socket();
  portend_waiter* waiter = NULL;
  portend_event first;
  portend_event second;
  assert_int_equal(portend_waiter_create(&waiter), PORTEND_OK);
  assert_int_equal(portend_waiter_watch(waiter, "127.0.0.1", port_of(held), NULL), PORTEND_OK);
  assert_int_equal(portend_waiter_next(waiter, 20000, &first), PORTEND_OK);
  assert_int_equal(pthread_create(&thread, NULL, listen_soon, &held), 0);
  assert_int_equal(portend_waiter_next(waiter, 20000, &second), PORTEND_OK);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(second.state, PORTEND_STATE_OCCUPIED);
  assert_true(second.monotonic_ns > first.monotonic_ns);
  assert_true(second.monotonic_ns - first.monotonic_ns < 20 * INT64_C(1000000000));
  assert_true(atomic_load(&calendar_readings) >= 2);
  assert_true(llabs(second.realtime_ns - first.realtime_ns) > 79 * INT64_C(365) * 24 * 3600 * 1000000000);
  portend_waiter_destroy(waiter);
  close(held);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(deadlines_do_not_follow_the_calendar),
      cmocka_unit_test(changes_have_times_of_a_clock_that_does_not_jump),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
