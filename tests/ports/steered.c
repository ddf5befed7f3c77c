/* SPDX-License-Identifier: MIT */
/* A port server must not delay a search, and a caller must not control a program with privileges.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/server.h"

static const char service[] = "@portend-test";

static int listen_as_service(int backlog) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path + 1, service + 1, sizeof service - 2);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof service - 1);
  CHECK(bind(listener, (const struct sockaddr*)&address, size) == 0);
  CHECK(listen(listener, backlog) == 0);
  CHECK(setenv("PORTSERVER_ADDRESS", service, 1) == 0);
  return listener;
}

/* Sends a byte every 50 ms, and never a complete line. */
static void drip(void* listener) {
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    const int client = accept(*(int*)listener, NULL, NULL);
    while (write(client, "1", 1) == 1) sleep_ms(50);
    close(client);
  }
}

static void ignore(int signal_number) { (void)signal_number; }

/* Raises a signal every 3 ms; system calls are not restarted. */
static void begin_signals(void) {
  const struct sigaction action = {.sa_handler = ignore};
  const struct itimerval often = {{0, 3000}, {0, 3000}};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

static void assert_found_in_time(int count) {
  int ports[8];
  portend_finder* finder = new_finder();
  const int64_t began = now_ms();
  assert_status(portend_finder_find(finder, ports, (size_t)count), PORTEND_OK);
  /* The limit for a server is two seconds, and it is asked only once. */
  assert_in_range(now_ms() - began, 0, 3500);
}

static void a_server_that_drips_is_abandoned(void** state) {
  (void)state;
  int listener = listen_as_service(8);
  begin_child(drip, &listener);
  assert_found_in_time(1);
  assert_found_in_time(8);
}

static void signals_do_not_extend_a_search(void** state) {
  (void)state;
  int listener = listen_as_service(8);
  begin_child(drip, &listener);
  begin_signals();
  assert_found_in_time(2);
}

/* The server does not accept: first a request gets no answer, and later even connecting fails. */
static void a_server_that_is_stuck_is_abandoned(void** state) {
  (void)state;
  listen_as_service(0);
  for (int i = 0; i < 3; ++i) assert_found_in_time(3);
}

/* Makes a copy of this program that belongs to root, and runs as root for any user. */
static const char* set_user_id_copy(char* directory) {
  static char path[64];
  char command[256];
  assert_non_null(mkdtemp(directory));
  snprintf(path, sizeof path, "%s/find", directory);
  snprintf(command, sizeof command, "cp /proc/%d/exe %s", (int)getpid(), path);
  assert_int_equal(system(command), 0);
  assert_int_equal(chmod(directory, 0755), 0);
  assert_int_equal(chmod(path, 04755), 0);
  return path;
}

static void remove_copy(void* directory) {
  char path[64];
  snprintf(path, sizeof path, "%s/find", (const char*)directory);
  unlink(path);
  rmdir(directory);
}

/* Runs the copy, which prints its effective user and the port that it found. */
static void run_copy(const char* path, bool as_root, int* user, int* port) {
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (!as_root) become_nobody();
    dup2(ends[1], STDOUT_FILENO);
    execl(path, path, "find", (char*)NULL);
    _exit(EXIT_FAILURE);
  }
  close(ends[1]);
  FILE* output = fdopen(ends[0], "r");
  assert_int_equal(fscanf(output, "%d %d", user, port), 2);
  fclose(output);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_set_user_id_program_obeys_no_port_server_of_its_caller(void** state) {
  (void)state;
  if (geteuid() != 0) skip_because("only root may make such a program");
  static char directory[] = "/tmp/portend-test-XXXXXX";
  const char* path = set_user_id_copy(directory);
  at_end(remove_copy, directory);
  const struct server server = start_kit();
  tell(&server, "hold %s 0", service);
  tell(&server, "listen 0");
  tell(&server, "serve 0 answer 20007\\n");
  assert_int_equal(setenv("PORTSERVER_ADDRESS", service, 1), 0);

  int user = -1;
  int port = 0;
  run_copy(path, true, &user, &port);
  assert_int_equal(port, 20007);
  run_copy(path, false, &user, &port);
  if (user != 0) skip_because("this file system has no set-user-ID programs");
  assert_int_not_equal(port, 20007);
  assert_true(port > 0);
}

static int find_and_print(void) {
  int port = 0;
  if (portend_find_port(NULL, &port) != PORTEND_OK) return EXIT_FAILURE;
  printf("%d %d\n", (int)geteuid(), port);
  return EXIT_SUCCESS;
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "find") == 0) return find_and_print();
  const struct CMUnitTest tests[] = {
      alone(a_server_that_drips_is_abandoned),
      alone(signals_do_not_extend_a_search),
      alone(a_server_that_is_stuck_is_abandoned),
      alone(a_set_user_id_program_obeys_no_port_server_of_its_caller),
  };
  return cmocka_run_group_tests_name("who steers a search", tests, NULL, NULL);
}
