/* SPDX-License-Identifier: MIT */
/* Starts a server again whenever it ends: supervise COMMAND [ARGUMENT...]. The command finds its
   port in $PORT, or in an argument "{port}". SIGINT and SIGTERM stop it. */
#include <signal.h>
#include <stdio.h>

#include <portend/portend.h>

enum { timeout_ms = 30000, grace_ms = 5000 };

static portend_waiter *waiter;
static portend_server *server;
static volatile sig_atomic_t stopped;

/* Both functions may be called in a signal handler. */
static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
  portend_waiter_cancel(waiter);
  portend_server_cancel(server);
}

static int start(void) {
  if (portend_server_start(server, timeout_ms) == PORTEND_OK) return 1;
  if (!stopped) fprintf(stderr, "%s\n", portend_server_message(server));
  return 0;
}

/* Follows the port until the server cannot be started again. */
static void follow(int port) {
  portend_event event;
  if (portend_waiter_watch(waiter, "127.0.0.1", port, NULL) != PORTEND_OK) return;
  while (portend_waiter_next(waiter, PORTEND_FOREVER, &event) == PORTEND_OK) {
    printf("port %d is %s\n", port, event.state == PORTEND_STATE_OCCUPIED ? "occupied" : "free");
    fflush(stdout);
    if (event.state == PORTEND_STATE_FREE) {
      portend_server_stop(server, grace_ms);
      if (!start()) return;
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 2 || portend_waiter_create(&waiter) != PORTEND_OK ||
      portend_server_create(&server) != PORTEND_OK) {
    fprintf(stderr, "usage: supervise COMMAND [ARGUMENT...]\n");
    return 2;
  }
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  portend_server_set_command(server, (const char *const *)argv + 1);
  if (start()) follow(portend_server_port(server));
  portend_server_destroy(server);
  portend_waiter_destroy(waiter);
  return stopped ? 0 : 1;
}
