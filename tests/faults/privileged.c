/* SPDX-License-Identifier: MIT */
/* A set-user-ID program that another user runs, with an environment of that user's choice. The variables
 * of the library must have no effect then. This program copies itself, gives the copy to root, and runs
 * it as the user nobody. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <portend/portend.h>

#include "support/child.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static char port_server_address[48];
enum { answered_port = 29471 };

/* Runs in the copy: 0 if no variable had an effect. With an argument it has no privilege, and the
 * variables must have an effect. */
static int run_copy(const char* listening_port, int is_privileged) {
  portend_waiter* waiter = NULL;
  int port = 0;
  const int busy = atoi(listening_port);
  if (is_privileged != (getauxval(AT_SECURE) != 0)) return 2;
  if (portend_find_port(NULL, &port) != PORTEND_OK) return 3;
  if ((port == answered_port) == is_privileged) return 4;
  if (portend_waiter_create(&waiter) != PORTEND_OK ||
      portend_waiter_add(waiter, "127.0.0.1", busy, PORTEND_STATE_OCCUPIED, NULL) != PORTEND_OK ||
      portend_waiter_run(waiter, PORTEND_ALL, 20000) != PORTEND_OK) {
    return 5;
  }
  const int by_connecting = portend_waiter_reason(waiter, 0) == PORTEND_REASON_ACCEPTED;
  portend_waiter_destroy(waiter);
  return by_connecting == is_privileged && !is_portable() ? 6 : 0;
}

static void copy_file(const char* from, const char* to, mode_t mode) {
  const int source = open(from, O_RDONLY | O_CLOEXEC);
  const int copy = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
  struct stat size;
  assert_true(source >= 0 && copy >= 0 && fstat(source, &size) == 0);
  for (off_t left = size.st_size; left > 0;) {
    const ssize_t count = sendfile(copy, source, NULL, (size_t)left);
    assert_true(count > 0);
    left -= count;
  }
  assert_int_equal(fchmod(copy, mode), 0); /* after the last write, which clears S_ISUID */
  close(source);
  close(copy);
}

static char directory[] = "/tmp/portend-test-XXXXXX";
static char program[sizeof directory + 16];

static void remove_copy(void* unused) {
  (void)unused;
  unlink(program);
  rmdir(directory);
}

static void make_copy(mode_t mode) {
  struct statvfs file_system;
  if (geteuid() != 0) skip_because("only root may have a set-user-ID program");
  strcpy(directory + strlen(directory) - 6, "XXXXXX");
  assert_non_null(mkdtemp(directory));
  assert_int_equal(chmod(directory, 0755), 0);
  snprintf(program, sizeof program, "%s/program", directory);
  at_end(remove_copy, NULL);
  copy_file("/proc/self/exe", program, mode);
  assert_int_equal(statvfs(directory, &file_system), 0);
  if ((file_system.f_flag & ST_NOSUID) != 0) skip_because("/tmp has no set-user-ID programs (nosuid)");
}

static int busy_port;

static void run_as_nobody(void* mode) {
  char port[16];
  char privileged[] = "privileged";
  char ordinary[] = "ordinary";
  snprintf(port, sizeof port, "%d", busy_port);
  CHECK(setenv("PORTEND_PROBE", "connect", 1) == 0);
  CHECK(setenv("PORTSERVER_ADDRESS", port_server_address, 1) == 0);
  become_nobody();
  execl(program, program, *(const mode_t*)mode == 04755 ? privileged : ordinary, port, (char*)NULL);
  _exit(127);
}

static void run_copy_with(mode_t mode) {
  char answer[32];
  make_copy(mode);
  snprintf(port_server_address, sizeof port_server_address, "@portend-test-%d", (int)getpid());
  snprintf(answer, sizeof answer, "answer %d\\n", answered_port);
  busy_port = port_of(keep(listening_socket()));
  start_port_server(port_server_address, answer);
  assert_int_equal(status_of_child(run_as_nobody, &mode), 0);
}

static void a_privileged_program_obeys_no_variable_of_its_caller(void** state) {
  (void)state;
  run_copy_with(04755);
}

static void an_ordinary_program_obeys_them(void** state) {
  (void)state;
  run_copy_with(0755);
}

int main(int count, char** arguments) {
  if (count == 3) return run_copy(arguments[2], strcmp(arguments[1], "privileged") == 0);
  const struct CMUnitTest tests[] = {
      tidy(a_privileged_program_obeys_no_variable_of_its_caller),
      tidy(an_ordinary_program_obeys_them),
  };
  return cmocka_run_group_tests_name("set-user-ID programs", tests, NULL, NULL);
}
