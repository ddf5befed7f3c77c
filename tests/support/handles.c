/* SPDX-License-Identifier: MIT */
#include "support/handles.h"

static void end_waiter(void* waiter) { portend_waiter_destroy(waiter); }
static void end_finder(void* finder) { portend_finder_destroy(finder); }
static void end_reservation(void* reservation) { portend_reservation_destroy(reservation); }
static void end_sockets(void* sockets) { portend_sockets_destroy(sockets); }

portend_waiter* new_waiter(void) {
  portend_waiter* waiter = NULL;
  assert_status(portend_waiter_create(&waiter), PORTEND_OK);
  at_end(end_waiter, waiter);
  return waiter;
}

portend_finder* new_finder(void) {
  portend_finder* finder = NULL;
  assert_status(portend_finder_create(&finder), PORTEND_OK);
  at_end(end_finder, finder);
  return finder;
}

portend_reservation* new_reservation(portend_finder* finder) {
  portend_reservation* reservation = NULL;
  assert_status(portend_reservation_create(finder, &reservation), PORTEND_OK);
  at_end(end_reservation, reservation);
  return reservation;
}

portend_sockets* new_sockets(int first_port, int last_port, unsigned kinds) {
  portend_sockets* sockets = NULL;
  assert_status(portend_sockets_create(first_port, last_port, kinds, &sockets), PORTEND_OK);
  at_end(end_sockets, sockets);
  return sockets;
}

int add_target(portend_waiter* waiter, const char* host, int port, portend_state wanted) {
  int index = -1;
  assert_status(portend_waiter_add(waiter, host, port, wanted, &index), PORTEND_OK);
  return index;
}

int watch_target(portend_waiter* waiter, const char* host, int port) {
  int index = -1;
  assert_status(portend_waiter_watch(waiter, host, port, &index), PORTEND_OK);
  return index;
}

portend_waiter* waiter_for(const char* host, int port, portend_state wanted) {
  portend_waiter* waiter = new_waiter();
  add_target(waiter, host, port, wanted);
  return waiter;
}

void assert_status_at(portend_status status, portend_status wanted, const char* call, const char* file,
                      int line) {
  if (status == wanted) return;
  print_error("%s\n  is %d (%s), and should be %d (%s): %s\n", call, status, portend_strerror(status), wanted,
              portend_strerror(wanted), portend_last_error());
  _fail(file, line);
}
