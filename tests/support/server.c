/* SPDX-License-Identifier: MIT */
#include "support/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/socket.h"
#include "support/test.h"

enum { to_listen = 'l', to_close = 'c', to_count = 'n', to_shut_down = 's', to_die = 'd', backlog = 4096 };

struct order {
  int what;
  int delay_ms;
};

struct place {
  const char* address;
  int port;
  int wishes;
};

static int open_listener(const struct place* place) {
  const int fd = bind_socket(place->address, place->port, place->wishes | reusing_address);
  if (fd < 0 || listen(fd, backlog) != 0) _exit(EXIT_FAILURE);
  return fd;
}

static void serve(const struct place* place, int orders, int answers) {
  int listener = -1;
  int64_t connections = 0;
  struct order order;
  while (read(orders, &order, sizeof order) == sizeof order) {
    sleep_ms(order.delay_ms);
    if (order.what == to_listen) listener = open_listener(place);
    if (order.what == to_die) _exit(EXIT_SUCCESS);
    if (order.what == to_shut_down) shutdown(listener, SHUT_RDWR);
    if (order.what == to_count || order.what == to_close) connections += drain_queue(listener);
    if (order.what == to_close) {
      close(listener);
      listener = -1;
    }
    const int64_t answer = order.what == to_count ? connections : now_ns();
    if (write(answers, &answer, sizeof answer) != sizeof answer) break;
  }
  _exit(EXIT_SUCCESS);
}

/* Of all that its parent has open it needs two pipes. */
static void close_all_but(int orders, int answers) {
  const int first = orders < answers ? orders : answers;
  const int second = orders < answers ? answers : orders;
  if (first > 3) close_range(3, (unsigned)first - 1, 0);
  if (second > first + 1) close_range((unsigned)first + 1, (unsigned)second - 1, 0);
  close_range((unsigned)second + 1, ~0U, 0);
}

struct server start_server(const char* address, int port, int wishes) {
  const struct place place = {address, port, wishes};
  int orders[2];
  int answers[2];
  assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
  assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
  const pid_t parent = getpid();
  const struct server server = {.pid = fork(), .orders = orders[1], .answers = answers[0]};
  assert_true(server.pid >= 0);
  if (server.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, SERVER_NAME);
    if (getppid() != parent) _exit(EXIT_FAILURE);
    close_all_but(orders[0], answers[1]);
    serve(&place, orders[0], answers[1]);
  }
  close(orders[0]);
  close(answers[1]);
  keep(server.orders);
  keep(server.answers);
  at_end(kill_child, (void*)(intptr_t)server.pid);
  return server;
}

static void give_order(const struct server* server, int what, int delay_ms) {
  const struct order order = {what, delay_ms};
  assert_int_equal(write(server->orders, &order, sizeof order), sizeof order);
}

static int64_t answer_of(const struct server* server) {
  int64_t answer = 0;
  ssize_t size;
  do {
    size = read(server->answers, &answer, sizeof answer);
  } while (size < 0 && errno == EINTR);
  assert_int_equal(size, sizeof answer);
  return answer;
}

static int64_t obey(const struct server* server, int what) {
  give_order(server, what, 0);
  return answer_of(server);
}

void server_listens(const struct server* server) { obey(server, to_listen); }
void server_closes(const struct server* server) { obey(server, to_close); }
void server_shuts_down(const struct server* server) { obey(server, to_shut_down); }
int64_t server_connections(const struct server* server) { return obey(server, to_count); }

void server_will_listen(const struct server* server, int delay_ms) {
  give_order(server, to_listen, delay_ms);
}
void server_will_close(const struct server* server, int delay_ms) { give_order(server, to_close, delay_ms); }
void server_will_die(const struct server* server, int delay_ms) { give_order(server, to_die, delay_ms); }
void server_will_shut_down(const struct server* server, int delay_ms) {
  give_order(server, to_shut_down, delay_ms);
}
int64_t server_done_ns(const struct server* server) { return answer_of(server); }

void server_dies(const struct server* server) {
  assert_int_equal(kill(server->pid, SIGKILL), 0);
  siginfo_t info;
  assert_int_equal(waitid(P_PID, (id_t)server->pid, &info, WEXITED | WNOWAIT), 0);
}

void server_is_gone(const struct server* server) {
  server_dies(server);
  assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
}
