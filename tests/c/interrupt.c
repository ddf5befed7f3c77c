/* SPDX-License-Identifier: MIT */
/* The interrupt hook. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"

enum { most_calls = 4096 };

struct record {
  portend_waiter* waiter;
  int calls;
  int64_t at_us[most_calls];
  int64_t probes[most_calls];
  int ends_at; /* the call of the hook that ends the wait; 0 for none */
};

static struct record record;

static int note_call(void* context) {
  struct record* self = context;
  if (self->calls < most_calls) {
    self->at_us[self->calls] = now_us();
    self->probes[self->calls] = portend_waiter_probes(self->waiter, 0);
  }
  ++self->calls;
  return self->ends_at != 0 && self->calls >= self->ends_at;
}

static portend_waiter* hooked_waiter(int port, int ends_at) {
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  memset(&record, 0, sizeof record);
  record.waiter = waiter;
  record.ends_at = ends_at;
  assert_status(portend_waiter_set_interrupt(waiter, note_call, &record), PORTEND_OK);
  return waiter;
}

static void the_hook_is_called_before_any_probe(void** state) {
  (void)state;
  portend_waiter* waiter = hooked_waiter(closed_port(), 1);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_int_equal(record.calls, 1);
  assert_int_equal(record.probes[0], 0);
  assert_string_equal(portend_waiter_message(waiter), "The wait was interrupted.");
}

static void the_hook_is_called_every_100_ms(void** state) {
  (void)state;
  enum { calls = 12, soon = 8 /* calls at the beginning, between which the wait does not sleep long */ };
  portend_waiter* waiter = hooked_waiter(closed_port(), calls);
  assert_status(portend_waiter_set_interval(waiter, 3600000000, 0), PORTEND_OK);
  const int64_t began = now_us();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_in_range(now_us() - began, (calls - soon) * 100000, generous_ms * 1000);
}

static void the_hook_ends_a_wait_that_has_nothing_else_to_do(void** state) {
  (void)state;
  portend_waiter* waiter = hooked_waiter(closed_port(), 3);
  const int64_t began = now_us();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_in_range(now_us() - began, 1, generous_ms * 1000);
  assert_int_equal(record.calls, 3);
  /* An interruption is not a cancellation: it affects only one wait. */
  assert_status(portend_waiter_set_interrupt(waiter, NULL, NULL), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 20), PORTEND_ERR_TIMEOUT);
}

static void the_hook_is_asked_by_next_and_process_too(void** state) {
  (void)state;
  portend_waiter* waiter = hooked_waiter(closed_port(), 0);
  portend_event event;
  assert_status(portend_waiter_next(waiter, generous_ms, &event), PORTEND_OK);
  assert_true(record.calls >= 1);
  record.ends_at = record.calls + 2;
  assert_status(portend_waiter_next(waiter, PORTEND_FOREVER, &event), PORTEND_ERR_CANCELED);
  if (portend_waiter_start(waiter, PORTEND_ALL, PORTEND_FOREVER) == PORTEND_ERR_UNSUPPORTED) return;
  record.ends_at = record.calls + 1;
  assert_status(portend_waiter_process(waiter), PORTEND_ERR_CANCELED);
}

static void ignore(int signal) { (void)signal; }

static void end_timer(void* unused) {
  (void)unused;
  const struct itimerval none = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &none, NULL);
  signal(SIGALRM, SIG_DFL);
}

static void a_signal_calls_the_hook_at_once(void** state) {
  (void)state;
  portend_waiter* waiter = hooked_waiter(closed_port(), 30);
  assert_status(portend_waiter_set_interval(waiter, 3600000000, 0), PORTEND_OK);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = ignore;
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  at_end(end_timer, NULL);
  const struct itimerval every_10_ms = {{0, 10000}, {0, 10000}};
  assert_int_equal(setitimer(ITIMER_REAL, &every_10_ms, NULL), 0);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  /* Without the signals almost all calls would be 100 ms apart. */
  int close_calls = 0;
  for (int i = 1; i < record.calls; ++i) close_calls += record.at_us[i] - record.at_us[i - 1] < 80000;
  assert_true(close_calls >= record.calls / 3);
}

static int ask_everything(void* context) {
  portend_waiter* waiter = context;
  portend_event event;
  assert_int_equal(portend_waiter_count(waiter), 1);
  portend_waiter_state(waiter, 0);
  portend_waiter_reason(waiter, 0);
  portend_waiter_reached(waiter, 0);
  portend_waiter_elapsed_us(waiter, 0);
  portend_waiter_address(waiter, 0);
  assert_contains(portend_waiter_explain(waiter, 0), "not bound on 127.0.0.1.");
  portend_waiter_message(waiter);
  /* A wait inside of a wait on the same waiter is refused. */
  assert_int_equal(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_next(waiter, 0, &event), PORTEND_ERR_INVALID);
  assert_int_equal(portend_waiter_reset(waiter), PORTEND_ERR_INVALID);
  return 0;
}

static void the_hook_may_ask_the_waiter(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(waiter, ask_everything, waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 250), PORTEND_ERR_TIMEOUT);
}

static int cancel_waiter(void* waiter) {
  portend_waiter_cancel(waiter);
  return 0;
}

static void the_hook_may_cancel_the_waiter(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(waiter, cancel_waiter, waiter), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
}

static jmp_buf outside;

static int jump_out(void* calls) {
  if (++*(int*)calls == 2) longjmp(outside, 1);
  return 0;
}

static void a_waiter_whose_hook_was_left_by_longjmp_can_be_destroyed(void** state) {
  (void)state;
  const int port = closed_port();
  int calls = 0;
  portend_waiter* volatile waiter = NULL;
  portend_waiter* created = NULL;
  assert_status(portend_waiter_create(&created), PORTEND_OK);
  waiter = created;
  add_target(created, "127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(created, jump_out, &calls), PORTEND_OK);
  if (setjmp(outside) == 0) {
    portend_waiter_run(created, PORTEND_ALL, PORTEND_FOREVER);
    fail_msg("The hook was not called again.");
  }
  assert_int_equal(portend_waiter_count(waiter), 1);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_INVALID);
  portend_waiter_destroy(waiter);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(the_hook_is_called_before_any_probe),
      tidy(the_hook_is_called_every_100_ms),
      tidy(the_hook_ends_a_wait_that_has_nothing_else_to_do),
      tidy(the_hook_is_asked_by_next_and_process_too),
      tidy(a_signal_calls_the_hook_at_once),
      tidy(the_hook_may_ask_the_waiter),
      tidy(the_hook_may_cancel_the_waiter),
      tidy(a_waiter_whose_hook_was_left_by_longjmp_can_be_destroyed),
  };
  return cmocka_run_group_tests_name("interrupt hook", tests, NULL, NULL);
}
