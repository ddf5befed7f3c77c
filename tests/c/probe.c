/* SPDX-License-Identifier: MIT */
/* A single probe, waits that continue after an interruption, and errno as a number. */
#include <portend/wait.h>

#include <errno.h>
#include <sys/syscall.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/denial.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"

static void one_probe_gives_the_state(void** state) {
  (void)state;
  portend_state found = PORTEND_STATE_UNKNOWN;
  const int open = port_of(listen_on("127.0.0.1", 0, strictly, 8));
  assert_status(portend_probe("127.0.0.1", open, 0, &found), PORTEND_OK);
  assert_int_equal(found, PORTEND_STATE_OCCUPIED);
  assert_status(portend_probe("127.0.0.1", closed_port(), 0, &found), PORTEND_OK);
  assert_int_equal(found, PORTEND_STATE_FREE);
}

static void a_failed_probe_leaves_the_state_untouched(void** state) {
  (void)state;
  portend_state found = PORTEND_STATE_DRAINED;
  assert_status(portend_probe("no-such-host.invalid", 80, generous_ms, &found), PORTEND_ERR_RESOLVE);
  assert_status(portend_probe("127.0.0.1", 0, 0, &found), PORTEND_ERR_INVALID);
  assert_status(portend_probe("127.0.0.1", 80, -2, &found), PORTEND_ERR_INVALID);
  assert_status(portend_probe(NULL, 80, 0, &found), PORTEND_ERR_INVALID);
  assert_int_equal(found, PORTEND_STATE_DRAINED);
  assert_status(portend_probe("127.0.0.1", 80, 0, NULL), PORTEND_ERR_INVALID);
}

static int interruptions;

static int interrupt_often(void* context) {
  (void)context;
  ++interruptions;
  return interruptions % 2;
}

static void an_interrupted_wait_continues(void** state) {
  (void)state;
  const struct server server = start_server("127.0.0.1", closed_port(), strictly);
  const int port = closed_port();
  const struct server later = start_server("127.0.0.1", port, strictly);
  portend_waiter* waiter = waiter_for("127.0.0.1", port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_resume(waiter), PORTEND_ERR_INVALID);
  assert_status(portend_waiter_set_interrupt(waiter, interrupt_often, NULL), PORTEND_OK);
  portend_status status = portend_waiter_run(waiter, PORTEND_ALL, generous_ms);
  int resumed = 0;
  for (; status == PORTEND_ERR_CANCELED; ++resumed) {
    if (resumed == 2) server_listens(&later);
    status = portend_waiter_resume(waiter);
  }
  assert_status(status, PORTEND_OK);
  assert_in_range(resumed, 2, 100);
  assert_status(portend_waiter_resume(waiter), PORTEND_ERR_INVALID);
  server_is_gone(&server);
}

static void the_deadline_of_an_interrupted_wait_stays(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(waiter, interrupt_often, NULL), PORTEND_OK);
  const int64_t began = now_ms();
  portend_status status = portend_waiter_run(waiter, PORTEND_ALL, 300);
  while (status == PORTEND_ERR_CANCELED) {
    sleep_ms(20);
    status = portend_waiter_resume(waiter);
  }
  assert_status(status, PORTEND_ERR_TIMEOUT);
  assert_in_range(now_ms() - began, 300, 300 + generous_ms);
}

static void a_call_that_changes_the_waiter_gives_the_wait_up(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_set_interrupt(waiter, interrupt_often, NULL), PORTEND_OK);
  interruptions = 0;
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, generous_ms), PORTEND_ERR_CANCELED);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  assert_status(portend_waiter_resume(waiter), PORTEND_ERR_INVALID);
}

static void errno_is_a_number(void** state) {
  (void)state;
  assert_status(portend_occupied("127.0.0.1", closed_port(), 0), PORTEND_ERR_TIMEOUT);
  assert_int_equal(portend_last_errno(), 0);
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_OCCUPIED);
  const int before = open_descriptors();
  leave_descriptors(0);
  assert_status(portend_occupied("127.0.0.1", 80, 0), PORTEND_ERR_SYSTEM);
  assert_int_equal(portend_last_errno(), EMFILE);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_SYSTEM);
  assert_int_equal(portend_waiter_errno(waiter), EMFILE);
  assert_true(before > 0);
  assert_true(allow_descriptors(1024));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      forked(one_probe_gives_the_state),
      forked(a_failed_probe_leaves_the_state_untouched),
      forked(an_interrupted_wait_continues),
      forked(the_deadline_of_an_interrupted_wait_stays),
      forked(a_call_that_changes_the_waiter_gives_the_wait_up),
      forked(errno_is_a_number),
  };
  return cmocka_run_group_tests_name("probe, resume, errno", tests, NULL, NULL);
}
