/* SPDX-License-Identifier: MIT */
#include "support/child.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/network.h"
#include "support/process.h"
#include "support/test.h"

struct errand {
  void (*body)(void*);
  void* context;
};

static void run_and_exit(void (*body)(void*), void* context, pid_t parent, int threads) {
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE);
  /* A child has no test runner to jump to, so a failed assertion must end it. */
  setenv("CMOCKA_TEST_ABORT", "1", 1);
  disown_all();
  body(context);
  undo_all();
  fflush(NULL);
  /* Memory of the parent's other threads would look like leaks. */
  if (threads > 1) _exit(EXIT_SUCCESS);
  exit(EXIT_SUCCESS);
}

pid_t begin_child(void (*body)(void*), void* context) {
  fflush(NULL); /* otherwise both processes would write the buffered output */
  const pid_t parent = getpid();
  const int threads = live_threads();
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) run_and_exit(body, context, parent, threads);
  at_end(kill_child, (void*)(intptr_t)child);
  return child;
}

static int status_of(pid_t child) {
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(child, &status, 0);
  } while (ended < 0 && errno == EINTR);
  assert_int_equal(ended, child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int status_of_child(void (*body)(void*), void* context) { return status_of(begin_child(body, context)); }

void await_child(pid_t child) {
  const int status = status_of(child);
  if (status == skipped) skip_as_said();
  if (status != 0) fail_msg("The child %d ended with status %d.", (int)child, status);
}

void in_child(void (*body)(void*), void* context) { await_child(begin_child(body, context)); }

/* Only root tries: a namespace would make an ordinary user another user. */
static const char* try_network(void) {
  return geteuid() == 0 ? enter_network() : "only root may make a network namespace";
}

static void in_new_network(void* context) {
  const struct errand* errand = context;
  const char* refusal = try_network();
  if (refusal != NULL) skip_because(refusal);
  errand->body(errand->context);
}

void in_network(void (*body)(void*), void* context) {
  struct errand errand = {body, context};
  in_child(in_new_network, &errand);
}

static void run_in_child(void* context) {
  const struct isolated_test* test = context;
  const char* refusal = test->network == shared_network ? NULL : try_network();
  if (refusal != NULL && test->network == own_network) skip_because(refusal);
  test->body(NULL);
}

void run_isolated(void** state) { in_child(run_in_child, *state); }

void kill_child(void* pid) {
  const pid_t child = (pid_t)(intptr_t)pid;
  siginfo_t info;
  /* Does not reap the child: after that, its number could belong to another process. */
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return;
  kill(child, SIGKILL);
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
}
