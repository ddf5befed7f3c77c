/* SPDX-License-Identifier: MIT */
/* How a server and its host process affect each other. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/process.h"

static void start_and_wait_for_death(void* unused) {
  (void)unused;
  portend_server* server = actor("note", "fork", "note", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  for (;;) pause();
}

static void a_host_that_is_killed_takes_its_servers_along(void** state) {
  (void)state;
  actor("note"); /* creates the file of notes */
  const pid_t host = begin_child(start_and_wait_for_death, NULL);
  await_noted(2);
  assert_int_equal(kill(host, SIGKILL), 0);
  assert_int_equal(waitpid(host, NULL, 0), host);
  assert_all_gone();
}

static void start_and_exit(void* unused) {
  (void)unused;
  portend_server* server = actor("note", "fork", "deaf", "note", "listen");
  assert_status(portend_server_set_grace(server, 100), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  disown_all();
}

static void a_host_that_exits_takes_its_servers_along(void** state) {
  (void)state;
  actor("note");
  in_child(start_and_exit, NULL);
  await_noted(2);
  assert_all_gone();
}

static void stop_without_end_and_exit(void* unused) {
  (void)unused;
  portend_server* server = actor("deaf", "note", "listen");
  assert_status(portend_server_set_grace(server, 100), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_begin_stop(server, PORTEND_FOREVER), PORTEND_OK);
  disown_all();
}

static void a_grace_without_end_ends_with_the_host(void** state) {
  (void)state;
  actor("note");
  in_child(stop_without_end_and_exit, NULL);
  await_noted(1);
  assert_all_gone();
}

static int children_signaled;
static void count_signal(int signal) {
  (void)signal;
  ++children_signaled;
}

static void children_and_signals_of_the_host_are_not_affected(void** state) {
  (void)state;
  if (is_portable()) skip_because("only Linux hides a child");
  struct sigaction before;
  const struct sigaction action = {.sa_handler = count_signal};
  assert_int_equal(sigaction(SIGCHLD, &action, &before), 0);
  children_signaled = 0;
  portend_server* server = actor("listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  errno = 0;
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(children_signaled, 0);
  assert_int_equal(children_left(), 0);
  sigaction(SIGCHLD, &before, NULL);
}

static void a_host_that_ignores_sigchld_is_served_also(void** state) {
  (void)state;
  struct sigaction before;
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  assert_int_equal(sigaction(SIGCHLD, &ignore, &before), 0);
  portend_server* server = actor("listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(portend_server_exit_status(server), 128 + SIGTERM);
  server = actor("exit:5");
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  assert_int_equal(portend_server_exit_status(server), 5);
  assert_int_equal(children_left(), 0);
  sigaction(SIGCHLD, &before, NULL);
}

static portend_server* of_parent;

static void refuse_and_destroy(void* unused) {
  (void)unused;
  CHECK(portend_server_stop(of_parent, 0) == PORTEND_ERR_INVALID);
  CHECK(portend_server_port(of_parent) == 0);
  portend_server_destroy(of_parent);
}

static void a_copy_that_was_forked_ends_nothing(void** state) {
  (void)state;
  of_parent = actor("listen");
  assert_status(portend_server_start(of_parent, start_ms), PORTEND_OK);
  in_child(refuse_and_destroy, NULL);
  assert_int_equal(portend_server_alive(of_parent), 1);
  assert_status(portend_occupied("127.0.0.1", portend_server_port(of_parent), 0), PORTEND_OK);
}

static void a_server_has_the_signals_of_a_new_process(void** state) {
  (void)state;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  struct sigaction old;
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGTERM, &ignore, &old);
  portend_server* server = actor("listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  sigaction(SIGTERM, &old, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  assert_int_equal(portend_server_exit_status(server), 128 + SIGTERM);
}

static void start_with_few_descriptors(void* left) {
  struct rlimit before;
  const char* const listens[] = {PORTEND_ACTOR, "note", "listen", NULL};
  portend_server* server = NULL;
  CHECK(portend_server_create(&server) == PORTEND_OK);
  CHECK(portend_server_set_command(server, listens) == PORTEND_OK);
  CHECK(portend_server_reserve(server, NULL) == PORTEND_OK);
  CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int lowest = fcntl(0, F_DUPFD, 0);
  close(lowest);
  const struct rlimit tight = {.rlim_cur = (rlim_t)(lowest + *(int*)left), .rlim_max = before.rlim_max};
  CHECK(setrlimit(RLIMIT_NOFILE, &tight) == 0);
  const portend_status status = portend_server_launch(server);
  CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(status == PORTEND_OK || (status == PORTEND_ERR_SYSTEM && portend_server_errno(server) == EMFILE));
  CHECK(status == PORTEND_OK || children_left() == 0);
  portend_server_destroy(server);
  CHECK(children_left() == 0);
  _exit(status == PORTEND_OK ? 0 : 1);
}

static void a_start_without_descriptors_leaves_no_process(void** state) {
  (void)state;
  int left = 0;
  while (status_of_child(start_with_few_descriptors, &left) == 1) ++left;
  assert_int_equal(status_of_child(start_with_few_descriptors, &left), 0);
  assert_in_range(left, 1, 20);
}

static void nothing_is_left_of_many(void** state) {
  (void)state;
  for (int i = 0; i < 50; ++i) {
    portend_server* server = NULL;
    const char* const listens[] = {PORTEND_ACTOR, "listen", NULL};
    const char* const exits[] = {PORTEND_ACTOR, "exit:1", NULL};
    assert_status(portend_server_create(&server), PORTEND_OK);
    assert_status(portend_server_set_command(server, i % 2 == 0 ? listens : exits), PORTEND_OK);
    assert_status(portend_server_start(server, start_ms), i % 2 == 0 ? PORTEND_OK : PORTEND_ERR_GONE);
    portend_server_destroy(server);
  }
  assert_int_equal(children_left(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_host_that_is_killed_takes_its_servers_along),
      tidy(a_host_that_exits_takes_its_servers_along),
      tidy(a_grace_without_end_ends_with_the_host),
      tidy(children_and_signals_of_the_host_are_not_affected),
      tidy(a_host_that_ignores_sigchld_is_served_also),
      tidy(a_copy_that_was_forked_ends_nothing),
      tidy(a_server_has_the_signals_of_a_new_process),
      tidy(a_start_without_descriptors_leaves_no_process),
      tidy(nothing_is_left_of_many),
  };
  return cmocka_run_group_tests_name("server/host", tests, NULL, NULL);
}
