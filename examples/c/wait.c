/* SPDX-License-Identifier: MIT */
/* Waits for two services: wait DATABASE CACHE, each as HOST:PORT or a URL. */
#include <stdio.h>

#include <portend/portend.h>

enum { timeout_ms = 30000 };

static portend_status add(portend_waiter *waiter, const char *text) {
  char host[PORTEND_HOST_SIZE];
  int port = 0;
  const portend_status status = portend_parse_target(text, host, sizeof host, &port);
  if (status != PORTEND_OK) {
    fprintf(stderr, "%s\n", portend_last_error());
    return status;
  }
  return portend_waiter_add(waiter, host, port, PORTEND_STATE_OCCUPIED, NULL);
}

int main(int argc, char **argv) {
  portend_waiter *waiter = NULL;
  if (argc != 3) {
    fprintf(stderr, "usage: wait DATABASE CACHE\n");
    return 2;
  }
  if (portend_waiter_create(&waiter) != PORTEND_OK) return 1;

  portend_status status = add(waiter, argv[1]);
  if (status == PORTEND_OK) status = add(waiter, argv[2]);
  if (status == PORTEND_OK) {
    status = portend_waiter_run(waiter, PORTEND_ALL, timeout_ms);
    if (status != PORTEND_OK) fprintf(stderr, "%s\n", portend_waiter_message(waiter));
  }
  portend_waiter_destroy(waiter);
  if (status != PORTEND_OK) return 1;
  puts("ready");
  return 0;
}
