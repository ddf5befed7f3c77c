/* SPDX-License-Identifier: MIT */
#include "operations.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operations_of_handles.h"
#include "support/handles.h"
#include "support/server.h"
#include "support/socket.h"
#include "support/ways.h"

static int held_port;
static int busy_port;

static char port_server_variable[64] = "PORTSERVER_ADDRESS=";
static char port_server_address[32];

/* Must not allocate, since that would be a fault itself. */
static void name_port_server(const char* address) { strcpy(strchr(port_server_variable, '=') + 1, address); }

void prepare_operations(void) {
  held_port = port_of(bound_socket());
  busy_port = port_of(listening_socket());
  prepare_operations_of_handles(held_port, busy_port);
  snprintf(port_server_address, sizeof port_server_address, "@portend-faults-%d", (int)getpid());
  start_port_server(port_server_address, "port");
  CHECK(putenv(port_server_variable) == 0);
}

static char message[512];

const char* operation_message(void) { return message; }

portend_status told(portend_status status) {
  CHECK(portend_last_error() != NULL);
  snprintf(message, sizeof message, "%s", portend_last_error());
  return status;
}

static portend_status occupied(void) { return told(portend_occupied("127.0.0.1", busy_port, 20000)); }
static portend_status not_occupied(void) { return told(portend_occupied("127.0.0.1", held_port, 5)); }
static portend_status occupied_localhost(void) {
  return told(portend_occupied("localhost", busy_port, 20000));
}
static portend_status occupied_known(void) { return told(portend_occupied("known.test", busy_port, 1500)); }
static portend_status is_free(void) { return told(portend_free("127.0.0.1", held_port, 20000)); }
static portend_status not_free(void) { return told(portend_free("127.0.0.1", busy_port, 5)); }
static portend_status assert_free(void) { return told(portend_assert_free("localhost", held_port, 0)); }
static portend_status assert_not_free(void) { return told(portend_assert_free("localhost", busy_port, 0)); }

static portend_status find_on(const char* host) {
  int port = -7;
  const portend_status status = portend_find_port(host, &port);
  CHECK((status == PORTEND_OK) == (port > 0));
  CHECK(status == PORTEND_OK || port == -7);
  return told(status);
}

static portend_status find_port(void) { return find_on(NULL); }
static portend_status find_port_on_localhost(void) { return find_on("localhost"); }
static portend_status find_port_on_known(void) { return find_on("known.test"); }

static portend_status find_port_by_server(void) {
  name_port_server(port_server_address);
  const portend_status status = find_on(NULL);
  name_port_server("");
  return status;
}

/* Makes a finder with options of all kinds; NULL on failure. */
static portend_status finder_with_options(portend_finder** finder) {
  portend_status status = portend_finder_create(finder);
  if (status == PORTEND_OK) status = portend_finder_set_host(*finder, "127.0.0.1");
  if (status == PORTEND_OK) status = portend_finder_add_preferred(*finder, busy_port, busy_port);
  if (status == PORTEND_OK) status = portend_finder_add_excluded(*finder, held_port, held_port);
  if (status == PORTEND_OK) status = portend_finder_set_udp(*finder, 1);
  if (status == PORTEND_OK) status = portend_finder_set_avoid_ephemeral(*finder, 1);
  if (status == PORTEND_OK) status = portend_finder_set_family(*finder, PORTEND_FAMILY_IPV4);
  if (status == PORTEND_OK) status = portend_finder_set_port_server(*finder, 0);
  if (status == PORTEND_OK) status = portend_finder_set_only_preferred(*finder, 0);
  return status;
}

static portend_status find_many(void) {
  int ports[20];
  portend_finder* finder = NULL;
  portend_status status = finder_with_options(&finder);
  memset(ports, 0, sizeof ports);
  if (status == PORTEND_OK) status = portend_finder_find(finder, ports, 20);
  told(status);
  CHECK(status == PORTEND_OK || ports[0] == 0);
  CHECK(portend_finder_message(finder) != NULL);
  portend_finder_destroy(finder);
  return status;
}

static portend_status find_none(void) {
  int port = -7;
  portend_finder* finder = NULL;
  portend_status status = portend_finder_create(&finder);
  if (status == PORTEND_OK) status = portend_finder_set_range(finder, busy_port, busy_port);
  if (status == PORTEND_OK) status = portend_finder_find(finder, &port, 1);
  CHECK(port == -7);
  portend_finder_destroy(finder);
  return told(status);
}

static portend_status reserve_with(portend_finder* finder) {
  portend_reservation* reservation = NULL;
  portend_status status = portend_reservation_create(finder, &reservation);
  CHECK((status == PORTEND_OK) == (portend_reservation_port(reservation) > 0));
  CHECK(portend_reservation_explain(reservation) != NULL);
  portend_reservation_destroy(reservation);
  return told(status);
}

static portend_status reserve(void) { return reserve_with(NULL); }

static portend_status reserve_with_options(void) {
  portend_finder* finder = NULL;
  portend_status status = finder_with_options(&finder);
  if (status == PORTEND_OK) status = reserve_with(finder);
  portend_finder_destroy(finder);
  return status;
}

static portend_status serve(void) {
  portend_reservation* reservation = NULL;
  portend_status status = portend_reservation_create(NULL, &reservation);
  if (status == PORTEND_OK) status = portend_reservation_listen(reservation, 8);
  CHECK(status != PORTEND_OK || portend_reservation_fd(reservation, 0) >= 0);
  told(status);
  portend_reservation_destroy(reservation);
  return status;
}

static portend_status park(void) {
  int seconds = -7;
  portend_reservation* reservation = NULL;
  portend_status status = portend_reservation_create(NULL, &reservation);
  if (status == PORTEND_OK) {
    status = portend_reservation_park(reservation, &seconds);
    CHECK((status == PORTEND_OK) == (portend_reservation_fd_count(reservation) == 0));
  }
  CHECK(status == PORTEND_OK || seconds == -7);
  portend_reservation_destroy(reservation);
  return told(status);
}

static portend_status list(void) {
  portend_sockets* sockets = NULL;
  const portend_status status = portend_sockets_create(1, 65535, 31, &sockets);
  CHECK((status == PORTEND_OK) == (sockets != NULL));
  for (int i = 0; i < portend_sockets_count(sockets); ++i) {
    CHECK(portend_sockets_address(sockets, i)[0] != '\0' && portend_sockets_kind(sockets, i) > 0);
    CHECK(portend_sockets_dual_stack(sockets, i) >= 0 && portend_sockets_pid(sockets, i) >= 0);
    CHECK(portend_sockets_process(sockets, i) != NULL && portend_sockets_user(sockets, i) != NULL);
    CHECK(portend_sockets_explain(sockets, portend_sockets_port(sockets, i)) != NULL);
  }
  portend_sockets_destroy(sockets);
  return told(status);
}

static int go_on(void* context) {
  (void)context;
  return 0;
}

/* Makes a waiter for three hosts, one of them by name; `wanted` is for the second one, which is closed. */
static portend_status three_targets(portend_waiter** waiter, portend_state wanted) {
  portend_status status = portend_waiter_create(waiter);
  if (status == PORTEND_OK) {
    status = portend_waiter_add(*waiter, "127.0.0.1", busy_port, PORTEND_STATE_OCCUPIED, NULL);
  }
  if (status == PORTEND_OK) status = portend_waiter_add(*waiter, "127.0.0.1", held_port, wanted, NULL);
  if (status == PORTEND_OK) {
    status = portend_waiter_add(*waiter, "localhost", busy_port, PORTEND_STATE_OCCUPIED, NULL);
  }
  if (status == PORTEND_OK) status = portend_waiter_set_pid(*waiter, getpid());
  if (status == PORTEND_OK) status = portend_waiter_set_attempt_limit(*waiter, 500);
  if (status == PORTEND_OK) status = portend_waiter_set_family(*waiter, PORTEND_FAMILY_IPV4);
  if (status == PORTEND_OK) status = portend_waiter_set_name_retry(*waiter, 1);
  if (status == PORTEND_OK) status = portend_waiter_set_interrupt(*waiter, go_on, NULL);
  return status;
}

/* After any end of a wait, the waiter can be used again. */
static void fit_for_use(portend_waiter* waiter) {
  if (waiter == NULL) return;
  for (int i = 0; i < portend_waiter_count(waiter); ++i) {
    CHECK(portend_waiter_explain(waiter, i) != NULL);
    CHECK(portend_waiter_address(waiter, i) != NULL);
    CHECK(portend_waiter_elapsed_us(waiter, i) >= 0 && portend_waiter_probes(waiter, i) >= 0);
    CHECK(strcmp(portend_state_text(portend_waiter_state(waiter, i)), "") != 0);
    CHECK(strcmp(portend_reason_text(portend_waiter_reason(waiter, i)), "") != 0);
    CHECK(!portend_waiter_reached(waiter, i) || portend_waiter_explain(waiter, i)[0] == '\0');
  }
  CHECK(portend_waiter_message(waiter) != NULL);
  CHECK(portend_waiter_set_interval(waiter, 0, 0) == PORTEND_OK);
  CHECK(portend_waiter_reset(waiter) == PORTEND_OK);
}

static portend_status ended(portend_waiter* waiter, portend_status status) {
  told(status);
  fit_for_use(waiter);
  portend_waiter_destroy(waiter);
  return status;
}

static portend_status run_waiter(portend_state wanted, portend_mode mode, int64_t timeout_ms) {
  portend_waiter* waiter = NULL;
  portend_status status = three_targets(&waiter, wanted);
  if (status == PORTEND_OK) status = portend_waiter_run(waiter, mode, timeout_ms);
  return ended(waiter, status);
}

static portend_status wait_for_all(void) { return run_waiter(PORTEND_STATE_FREE, PORTEND_ALL, 20000); }
static portend_status wait_for_any(void) { return run_waiter(PORTEND_STATE_OCCUPIED, PORTEND_ANY, 20000); }
static portend_status wait_in_vain(void) { return run_waiter(PORTEND_STATE_OCCUPIED, PORTEND_ALL, 5); }

static portend_status look_once(void) {
  portend_waiter* waiter = NULL;
  portend_status status = three_targets(&waiter, PORTEND_STATE_FREE);
  if (status == PORTEND_OK) status = portend_waiter_assert_free(waiter, 0);
  return ended(waiter, status);
}

static portend_status canceled(void) {
  portend_waiter* waiter = NULL;
  portend_status status = three_targets(&waiter, PORTEND_STATE_FREE);
  if (status == PORTEND_OK) {
    portend_waiter_cancel(waiter);
    status = portend_waiter_run(waiter, PORTEND_ALL, 20000);
  }
  return ended(waiter, status);
}

static portend_status wait_for_name(void) {
  portend_waiter* waiter = NULL;
  portend_status status = three_targets(&waiter, PORTEND_STATE_FREE);
  if (status == PORTEND_OK) {
    status = portend_waiter_add(waiter, "known.test", busy_port, PORTEND_STATE_OCCUPIED, NULL);
  }
  if (status == PORTEND_OK) status = portend_waiter_run(waiter, PORTEND_ALL, 1500);
  return ended(waiter, status);
}

static portend_status watch(void) {
  portend_event event;
  portend_waiter* waiter = NULL;
  portend_status status = portend_waiter_create(&waiter);
  if (status == PORTEND_OK) status = portend_waiter_watch(waiter, "127.0.0.1", busy_port, NULL);
  if (status == PORTEND_OK) status = portend_waiter_watch(waiter, "127.0.0.1", held_port, NULL);
  for (int i = 0; i < 2 && status == PORTEND_OK; ++i) status = portend_waiter_next(waiter, 20000, &event);
  if (status == PORTEND_OK) status = portend_waiter_next(waiter, 5, &event);
  told(status);
  if (waiter != NULL) CHECK(portend_waiter_reset(waiter) == PORTEND_OK);
  fit_for_use(waiter);
  portend_waiter_destroy(waiter);
  return status;
}

static portend_status process(portend_waiter* waiter) {
  portend_status status = PORTEND_PENDING;
  while (status == PORTEND_PENDING) {
    struct pollfd due = {.events = POLLIN};
    status = portend_waiter_fd(waiter, &due.fd);
    if (status != PORTEND_OK) return status;
    poll(&due, 1, 20000);
    status = portend_waiter_process(waiter);
  }
  return status;
}

static portend_status foreign_loop(void) {
  portend_waiter* waiter = NULL;
  portend_status status = three_targets(&waiter, PORTEND_STATE_OCCUPIED);
  if (status == PORTEND_OK) status = portend_waiter_start(waiter, PORTEND_ALL, 5);
  if (status == PORTEND_OK) status = process(waiter);
  return ended(waiter, status);
}

const struct operation operations[] = {
    {"occupied", occupied, PORTEND_OK, 0, 0},
    {"not_occupied", not_occupied, PORTEND_ERR_TIMEOUT, 0, 0},
    {"occupied_localhost", occupied_localhost, PORTEND_OK, 0, 0},
    {"occupied_known", occupied_known, PORTEND_OK, 1, 0},
    {"is_free", is_free, PORTEND_OK, 0, 0},
    {"not_free", not_free, PORTEND_ERR_TIMEOUT, 0, 1},
    {"assert_free", assert_free, PORTEND_OK, 0, 0},
    {"assert_not_free", assert_not_free, PORTEND_ERR_NOT_FREE, 0, 1},
    {"find_port", find_port, PORTEND_OK, 0, 0},
    {"find_port_on_localhost", find_port_on_localhost, PORTEND_OK, 0, 0},
    {"find_port_on_known", find_port_on_known, PORTEND_OK, 1, 0},
    {"find_port_by_server", find_port_by_server, PORTEND_OK, 0, 0},
    {"find_many", find_many, PORTEND_OK, 0, 0},
    {"find_none", find_none, PORTEND_ERR_NO_PORT, 0, 0},
    {"reserve", reserve, PORTEND_OK, 0, 0},
    {"reserve_with_options", reserve_with_options, PORTEND_OK, 0, 0},
    {"serve", serve, PORTEND_OK, 0, 0},
    {"park", park, PORTEND_OK, 0, 0},
    {"list", list, built_portable ? PORTEND_ERR_UNSUPPORTED : PORTEND_OK, 0, 1},
    {"targets", targets, PORTEND_OK, 0, 0},
    {"probe_once", probe_once, PORTEND_OK, 0, 0},
    {"wait_in_group", wait_in_group, PORTEND_OK, 0, 0},
    {"reserve_many", reserve_many, PORTEND_OK, 0, 0},
    {"find_consecutive", find_consecutive, PORTEND_OK, 0, 0},
    {"run_server", run_server, PORTEND_OK, 0, 1},
    {"wait_for_all", wait_for_all, PORTEND_OK, 0, 0},
    {"wait_for_any", wait_for_any, PORTEND_OK, 0, 0},
    {"wait_in_vain", wait_in_vain, PORTEND_ERR_TIMEOUT, 0, 0},
    {"look_once", look_once, PORTEND_ERR_NOT_FREE, 0, 1},
    {"canceled", canceled, PORTEND_ERR_CANCELED, 0, 0},
    {"wait_for_name", wait_for_name, PORTEND_OK, 1, 0},
    {"watch", watch, PORTEND_ERR_TIMEOUT, 0, 0},
    {"foreign_loop", foreign_loop, built_portable ? PORTEND_ERR_UNSUPPORTED : PORTEND_ERR_TIMEOUT, 0, 0},
};

const size_t operation_count = sizeof operations / sizeof *operations;
