/* SPDX-License-Identifier: MIT */
#include "support/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/socket.h"
#include "support/test.h"

struct server start_kit(void) {
  int orders[2];
  int answers[2];
  assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
  assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, orders[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, answers[1], STDOUT_FILENO);
  struct server server = {.orders = keep(orders[1]), .answers = keep(answers[0])};
  char* words[] = {"kit", NULL};
  assert_int_equal(posix_spawn(&server.pid, PORTEND_KIT, &files, NULL, words, environ), 0);
  posix_spawn_file_actions_destroy(&files);
  close(orders[0]);
  close(answers[1]);
  at_end(kill_child, (void*)(intptr_t)server.pid);
  return server;
}

static void read_answer(const struct server* server, char* text, size_t size) {
  size_t length = 0;
  while (length == 0 || text[length - 1] != '\n') {
    const ssize_t got = read(server->answers, text + length, 1);
    if (got < 0 && errno == EINTR) continue;
    assert_int_equal(got, 1);
    assert_true(++length < size);
  }
  text[length - 1] = '\0';
}

const char* tell(const struct server* server, const char* form, ...) {
  static char text[512];
  va_list values;
  va_start(values, form);
  const int length = vsnprintf(text, sizeof text - 1, form, values);
  va_end(values);
  assert_in_range(length, 1, sizeof text - 2);
  strcpy(text + length, "\n");
  assert_int_equal(write(server->orders, text, (size_t)length + 1), length + 1);
  read_answer(server, text, sizeof text);
  if (strncmp(text, "ok", 2) != 0) fail_msg("The kit says: %s", text);
  return text[2] == ' ' ? text + 3 : "";
}

struct server start_port_server(const char* address, const char* service) {
  const struct server server = start_kit();
  tell(&server, "hold %s 0", address);
  tell(&server, "listen 0");
  tell(&server, "serve 0 %s", service);
  return server;
}

struct server start_server(const char* address, int port, int options) {
  const struct server server = start_kit();
  tell(&server, "name " SERVER_NAME);
  tell(&server, "hold %s %d later reuse%s%s", address, port, (options & dual_stack) != 0 ? " dual" : "",
       (options & reusing_port) != 0 ? " share" : "");
  return server;
}

void server_listens(const struct server* server) { tell(server, "listen 0"); }
void server_closes(const struct server* server) { tell(server, "close 0"); }
void server_shuts_down(const struct server* server) { tell(server, "shutdown 0"); }
int64_t server_connections(const struct server* server) { return atoll(tell(server, "count 0")); }

void server_will_listen(const struct server* server, int delay_ms) {
  tell(server, "after %d listen 0", delay_ms);
}
void server_will_close(const struct server* server, int delay_ms) {
  tell(server, "after %d close 0", delay_ms);
}
void server_will_die(const struct server* server, int delay_ms) { tell(server, "after %d exit", delay_ms); }
void server_will_shut_down(const struct server* server, int delay_ms) {
  tell(server, "after %d shutdown 0", delay_ms);
}
int64_t server_done_ns(const struct server* server) { return atoll(tell(server, "done")); }

void server_dies(const struct server* server) {
  assert_int_equal(kill(server->pid, SIGKILL), 0);
  siginfo_t info;
  assert_int_equal(waitid(P_PID, (id_t)server->pid, &info, WEXITED | WNOWAIT), 0);
}

void server_is_gone(const struct server* server) {
  server_dies(server);
  assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
}
