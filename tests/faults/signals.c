/* SPDX-License-Identifier: MIT */
/* Signals arrive: none may be lost or raised, and none may end a wait unless requested. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"

static int held;
static int busy;
static atomic_int seen;
static portend_waiter* waiter;

static void note(int signal) {
  (void)signal;
  atomic_fetch_add(&seen, 1);
}

static void handle(int signal, void (*handler)(int)) {
  const struct sigaction action = {.sa_handler = handler};
  CHECK(sigaction(signal, &action, NULL) == 0);
}

static void make_waiter(const char* host) {
  CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
  CHECK(portend_waiter_add(waiter, host, port_of(held), PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK);
}

static const char* a_host(void) { return has_own_names() ? "hanging.test" : "127.0.0.1"; }

static void wait_for_ever(void* host) { portend_occupied(host, port_of(held), PORTEND_FOREVER); }

/* Returns how a child ends that waits and gets a signal. */
static int end_of_waiting_child(const char* host, int signal) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    wait_for_ever((void*)host);
    _exit(0);
  }
  sleep_ms(50);
  kill(child, signal);
  waitpid(child, &status, 0);
  return status;
}

static void a_signal_that_kills_kills_a_wait_at_once(void** state) {
  (void)state;
  const char* hosts[] = {"127.0.0.1", a_host()};
  const int signals[] = {SIGINT, SIGTERM, SIGALRM};
  for (size_t i = 0; i < 6; ++i) {
    const int64_t began = now_ms();
    const int status = end_of_waiting_child(hosts[i % 2], signals[i / 2]);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), signals[i / 2]);
    assert_true(now_ms() - began < 5000);
  }
}

/* Raises a signal every half millisecond, with and without SA_RESTART. */
static void begin_storm(int flags) {
  const struct sigaction action = {.sa_handler = note, .sa_flags = flags};
  const struct itimerval often = {{0, 500}, {0, 500}};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

static void wait_in_a_storm(void* flags) {
  begin_storm(*(int*)flags);
  const int64_t began = now_ms();
  CHECK(portend_occupied("127.0.0.1", port_of(held), 200) == PORTEND_ERR_TIMEOUT);
  CHECK(now_ms() - began >= 200);
  CHECK(portend_occupied(a_host(), port_of(held), 200) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_free("localhost", port_of(busy), 200) == PORTEND_ERR_TIMEOUT);
  CHECK(now_ms() - began < 10000);
  CHECK(atomic_load(&seen) > 100);
  for (int i = 0; i < 50; ++i) {
    int port = 0;
    CHECK(portend_occupied("localhost", port_of(busy), 20000) == PORTEND_OK);
    CHECK(portend_find_port(NULL, &port) == PORTEND_OK);
    CHECK(portend_last_error()[0] == '\0');
  }
  portend_reservation* reservation = NULL;
  CHECK(portend_reservation_create(NULL, &reservation) == PORTEND_OK);
  const portend_status parked = portend_reservation_park(reservation, NULL);
  CHECK(parked == PORTEND_OK);
  portend_reservation_destroy(reservation);
  pthread_t thread;
  int late = bound_socket();
  CHECK(pthread_create(&thread, NULL, listen_soon, &late) == 0);
  CHECK(portend_occupied("127.0.0.1", port_of(late), 20000) == PORTEND_OK);
  CHECK(pthread_join(thread, NULL) == 0);
}

static void a_storm_of_signals_moves_no_deadline_and_ends_no_wait(void** state) {
  (void)state;
  int flags[] = {0, SA_RESTART};
  in_child(wait_in_a_storm, &flags[0]);
  in_child(wait_in_a_storm, &flags[1]);
}

static void cancel_keeping_errno(int signal) {
  (void)signal;
  errno = 1234;
  portend_waiter_cancel(waiter);
  if (errno == 1234) atomic_fetch_add(&seen, 1);
}

static void* send_soon(void* unused) {
  (void)unused;
  sleep_ms(50);
  kill(getpid(), SIGUSR1);
  return NULL;
}

static void cancel_in_handler(void* host) {
  pthread_t thread;
  handle(SIGUSR1, cancel_keeping_errno);
  make_waiter(host);
  for (int i = 1; i <= 5; ++i) {
    CHECK(pthread_create(&thread, NULL, send_soon, NULL) == 0);
    CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_CANCELED);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(atomic_load(&seen) == i);
    CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_CANCELED);
    CHECK(portend_waiter_reset(waiter) == PORTEND_OK);
  }
  raise(SIGUSR1);
  CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_CANCELED);
  portend_waiter_destroy(waiter);
}

static void a_handler_cancels_a_wait_and_errno_is_kept(void** state) {
  (void)state;
  in_child(cancel_in_handler, "127.0.0.1");
  in_child(cancel_in_handler, (void*)a_host());
}

static void* cancel_and_run(void* unused) {
  (void)unused;
  while (!atomic_load(&seen)) portend_waiter_cancel(waiter);
  return NULL;
}

static void a_wait_is_canceled_at_any_moment(void** state) {
  (void)state;
  for (int i = 0; i < 300; ++i) {
    pthread_t thread;
    atomic_store(&seen, 0);
    make_waiter(i % 2 == 0 ? "127.0.0.1" : "localhost");
    CHECK(pthread_create(&thread, NULL, cancel_and_run, NULL) == 0);
    CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_CANCELED);
    atomic_store(&seen, 1);
    CHECK(pthread_join(thread, NULL) == 0);
    portend_waiter_destroy(waiter);
  }
}

static int end_when_seen(void* unused) {
  (void)unused;
  return atomic_load(&seen);
}

static void a_hook_hears_of_a_signal(void** state) {
  (void)state;
  pthread_t thread;
  handle(SIGUSR1, note);
  make_waiter("127.0.0.1");
  CHECK(portend_waiter_set_interrupt(waiter, end_when_seen, NULL) == PORTEND_OK);
  CHECK(pthread_create(&thread, NULL, send_soon, NULL) == 0);
  const int64_t began = now_ms();
  CHECK(portend_waiter_run(waiter, PORTEND_ALL, 20000) == PORTEND_ERR_CANCELED);
  CHECK(now_ms() - began < 5000);
  CHECK(pthread_join(thread, NULL) == 0);
  portend_waiter_destroy(waiter);
}

static void masks_and_handlers_are_kept(void** state) {
  (void)state;
  sigset_t before;
  sigset_t after;
  struct sigaction action;
  sigemptyset(&before);
  sigaddset(&before, SIGUSR2);
  CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
  for (int signal = 1; signal < 32; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) handle(signal, signal % 2 == 0 ? note : SIG_DFL);
  }
  CHECK(portend_occupied(a_host(), port_of(held), 50) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_find_port(NULL, &(int){0}) == PORTEND_OK);
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &after) == 0);
  for (int signal = 1; signal < 32; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP) continue;
    CHECK(sigismember(&after, signal) == sigismember(&before, signal));
    CHECK(sigaction(signal, NULL, &action) == 0);
    CHECK(action.sa_handler == (signal % 2 == 0 ? note : SIG_DFL));
  }
}

/* Whether a thread of this process blocks all signals that can be blocked. */
static int blocks_all(const char* task) {
  char path[64];
  char line[256];
  unsigned long blocked = 0;
  snprintf(path, sizeof path, "/proc/self/task/%.20s/status", task);
  FILE* file = fopen(path, "re");
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) sscanf(line, "SigBlk: %lx", &blocked);
  fclose(file);
  const unsigned long standard = 0x7fffffffUL & ~(1UL << (SIGKILL - 1)) & ~(1UL << (SIGSTOP - 1));
  return (blocked & standard) == standard;
}

static void threads_of_the_library_take_no_signals(void** state) {
  (void)state;
  if (!has_own_names()) skip_because("a resolver that hangs is refused here");
  int blocking = 0;
  handle(SIGUSR1, note);
  CHECK(portend_occupied("hanging.test", 80, 30) == PORTEND_ERR_TIMEOUT);
  CHECK(portend_occupied("other.test", 80, 30) == PORTEND_ERR_TIMEOUT);
  CHECK(live_threads() == 3);
  DIR* tasks = opendir("/proc/self/task");
  for (struct dirent* task = readdir(tasks); task != NULL; task = readdir(tasks)) {
    if (task->d_name[0] != '.') blocking += blocks_all(task->d_name);
  }
  closedir(tasks);
  CHECK(blocking == 2);
  for (int i = 1; i <= 100; ++i) {
    kill(getpid(), SIGUSR1);
    CHECK(atomic_load(&seen) == i);
  }
}

static void* drop_all(void* unused) {
  (void)unused;
  const struct linger at_once = {1, 0};
  for (;;) {
    const int fd = accept(busy, NULL, NULL);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
  }
  return NULL;
}

static void a_server_that_resets_raises_no_sigpipe(void** state) {
  (void)state;
  pthread_t thread;
  handle(SIGPIPE, note);
  CHECK(pthread_create(&thread, NULL, drop_all, NULL) == 0);
  for (int i = 0; i < 500; ++i) {
    CHECK(portend_occupied("127.0.0.1", port_of(busy), 20000) == PORTEND_OK);
    CHECK(portend_assert_free("127.0.0.1", port_of(busy), 0) == PORTEND_ERR_NOT_FREE);
  }
  CHECK(atomic_load(&seen) == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_signal_that_kills_kills_a_wait_at_once),
      cmocka_unit_test(a_storm_of_signals_moves_no_deadline_and_ends_no_wait),
      cmocka_unit_test(a_handler_cancels_a_wait_and_errno_is_kept),
      forked(a_wait_is_canceled_at_any_moment),
      forked(a_hook_hears_of_a_signal),
      forked(masks_and_handlers_are_kept),
      forked(threads_of_the_library_take_no_signals),
      forked(a_server_that_resets_raises_no_sigpipe),
  };
  isolate_program(2);
  held = bound_socket();
  busy = listening_socket();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
