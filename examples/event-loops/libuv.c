/* SPDX-License-Identifier: MIT */
/* A wait in a libuv loop, which does other work meanwhile: libuv HOST:PORT. */
#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

#include <portend/portend.h>

enum { timeout_ms = 30000, tick_ms = 50 };

static int ticks;
static int exit_code = 1;

static void on_tick(uv_timer_t *timer) {
  (void)timer;
  ++ticks;
}

/* The descriptor is readable: the wait has something to do. */
static void on_readable(uv_poll_t *poll, int status, int events) {
  portend_waiter *waiter = poll->data;
  const portend_status result = portend_waiter_process(waiter);
  (void)status;
  (void)events;
  if (result == PORTEND_PENDING) return;
  if (result == PORTEND_OK) {
    printf("occupied; the loop ticked %d times meanwhile\n", ticks);
    exit_code = 0;
  } else {
    fprintf(stderr, "%s\n", portend_waiter_message(waiter));
  }
  uv_stop(poll->loop);
}

static portend_waiter *start(const char *text) {
  char host[PORTEND_HOST_SIZE];
  int port = 0;
  portend_waiter *waiter = NULL;
  if (portend_parse_target(text, host, sizeof host, &port) == PORTEND_OK &&
      portend_waiter_create(&waiter) == PORTEND_OK &&
      portend_waiter_add(waiter, host, port, PORTEND_STATE_OCCUPIED, NULL) == PORTEND_OK &&
      portend_waiter_start(waiter, PORTEND_ALL, timeout_ms) == PORTEND_OK) {
    return waiter;
  }
  fprintf(stderr, "%s\n", waiter ? portend_waiter_message(waiter) : portend_last_error());
  exit(2);
}

int main(int argc, char **argv) {
  uv_loop_t *loop = uv_default_loop();
  uv_timer_t timer;
  uv_poll_t poll;
  int fd = -1;
  portend_waiter *waiter = start(argc == 2 ? argv[1] : "");
  if (portend_waiter_fd(waiter, &fd) != PORTEND_OK) return 2;

  uv_timer_init(loop, &timer);
  uv_timer_start(&timer, on_tick, tick_ms, tick_ms);
  uv_poll_init(loop, &poll, fd);
  poll.data = waiter;
  puts("waiting");
  fflush(stdout);
  uv_poll_start(&poll, UV_READABLE, on_readable);
  uv_run(loop, UV_RUN_DEFAULT);

  uv_poll_stop(&poll);
  portend_waiter_destroy(waiter);
  return exit_code;
}
