/* SPDX-License-Identifier: MIT */
#include "operations_of_handles.h"

#include <string.h>

#include "operations.h"
#include "support/test.h"
#include "support/ways.h"

static int held_port;
static int busy_port;

void prepare_operations_of_handles(int held, int busy) {
  held_port = held;
  busy_port = busy;
}

portend_status targets(void) {
  char host[PORTEND_HOST_SIZE];
  char text[PORTEND_HOST_SIZE + 8];
  int port = 0;
  portend_status status =
      portend_parse_target("[2001:1234:1234:1234:1234:1234:1234:1234]:80", host, sizeof host, &port);
  if (status == PORTEND_OK) status = portend_format_target(host, port, text, sizeof text);
  return told(status);
}

portend_status probe_once(void) {
  portend_state state = (portend_state)-7;
  const portend_status status = portend_probe("localhost", busy_port, 1000, &state);
  CHECK((status == PORTEND_OK) == (state != (portend_state)-7));
  /* By connecting, a call that fails may be an answer. */
  CHECK(status != PORTEND_OK || state == PORTEND_STATE_OCCUPIED || looks_by_connecting());
  return told(status);
}

static portend_status start_two(portend_group* group, portend_waiter* const* waiters) {
  portend_status status =
      portend_waiter_add(waiters[0], "localhost", busy_port, PORTEND_STATE_OCCUPIED, NULL);
  if (status == PORTEND_OK)
    status = portend_waiter_add(waiters[1], "127.0.0.1", held_port, PORTEND_STATE_FREE, NULL);
  for (int i = 0; i < 2 && status == PORTEND_OK; ++i) {
    status = portend_group_start(group, waiters[i], PORTEND_ALL, 20000, i);
  }
  return status;
}

/* Runs two waits. A wait that the system refused ends like any other, with its own status. */
portend_status wait_in_group(void) {
  portend_group* group = NULL;
  portend_waiter* waiters[2] = {NULL, NULL};
  int64_t id = -7;
  portend_status status = portend_group_create(&group);
  for (int i = 0; i < 2 && status == PORTEND_OK; ++i) status = portend_waiter_create(&waiters[i]);
  if (status == PORTEND_OK) status = start_two(group, waiters);
  for (int i = 0; i < 2 && status == PORTEND_OK; ++i) {
    status = portend_group_next(group, 20000, &id);
    if (status == PORTEND_OK) status = portend_waiter_process(waiters[id]);
  }
  told(status);
  portend_group_destroy(group);
  for (int i = 0; i < 2; ++i) portend_waiter_destroy(waiters[i]);
  return status;
}

portend_status reserve_many(void) {
  portend_reservation* reservations[5];
  memset(reservations, 0, sizeof reservations);
  const portend_status status = portend_reservation_create_many(NULL, reservations, 5);
  for (int i = 0; i < 5; ++i) {
    CHECK((status == PORTEND_OK) == (reservations[i] != NULL));
    portend_reservation_destroy(reservations[i]);
  }
  return told(status);
}

portend_status find_consecutive(void) {
  int ports[3] = {-7, -7, -7};
  portend_finder* finder = NULL;
  portend_status status = portend_finder_create(&finder);
  if (status == PORTEND_OK) status = portend_finder_set_name(finder, "portend");
  if (status == PORTEND_OK) status = portend_finder_set_consecutive(finder, 1);
  if (status == PORTEND_OK) status = portend_finder_set_browser_safe(finder, 1);
  if (status == PORTEND_OK) status = portend_finder_find(finder, ports, 3);
  CHECK(status != PORTEND_OK || (ports[1] == ports[0] + 1 && ports[2] == ports[0] + 2));
  CHECK(status == PORTEND_OK || ports[0] == -7);
  portend_finder_destroy(finder);
  return told(status);
}

/* In any case, no process remains: the next check of descriptors and threads would miss that. */
portend_status run_server(void) {
  static const char* const command[] = {PORTEND_ACTOR, "listen", NULL};
  portend_server* server = NULL;
  portend_status status = portend_server_create(&server);
  if (status == PORTEND_OK) status = portend_server_set_command(server, command);
  if (status == PORTEND_OK) status = portend_server_start(server, 20000);
  if (status == PORTEND_OK) status = portend_server_stop(server, 5000);
  told(status);
  CHECK(status != PORTEND_OK || !portend_server_alive(server));
  portend_server_destroy(server);
  return status;
}
