/* SPDX-License-Identifier: MIT */
/* A program that knows only the first 1.0: its header is beside it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "portend.h"

#define EXPECT(condition) \
  if (!(condition)) return fprintf(stderr, "%d: %s [%s]\n", __LINE__, #condition, portend_last_error()), 1

static int listen_on_any_port(int* port_out) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr*)&address, size) != 0 || listen(listener, 8) != 0) return -1;
  if (getsockname(listener, (struct sockaddr*)&address, &size) != 0) return -1;
  *port_out = ntohs(address.sin_port);
  return listener;
}

int main(void) {
  int port = 0;
  const int listener = listen_on_any_port(&port);
  EXPECT(listener >= 0);
  EXPECT(strncmp(portend_version(), "1.", 2) == 0);
  EXPECT(portend_occupied("127.0.0.1", port, 20000) == PORTEND_OK);
  EXPECT(portend_assert_free("127.0.0.1", port, 0) == PORTEND_ERR_NOT_FREE);
  EXPECT(strstr(portend_last_error(), "is in use on 127.0.0.1.") != NULL);

  portend_waiter* waiter = NULL;
  struct {
    portend_event event;
    char mark;
  } room = {.mark = 'm'};
  EXPECT(portend_waiter_create(&waiter) == PORTEND_OK);
  EXPECT(portend_waiter_add(waiter, "127.0.0.1", port, PORTEND_STATE_FREE, NULL) == PORTEND_OK);
  EXPECT(portend_waiter_next(waiter, 20000, &room.event) == PORTEND_OK);
  EXPECT(room.event.state == PORTEND_STATE_OCCUPIED && room.mark == 'm');
  close(listener);
  EXPECT(portend_waiter_next(waiter, 20000, &room.event) == PORTEND_OK);
  EXPECT(room.event.state == PORTEND_STATE_FREE && room.event.target == 0 && room.mark == 'm');
  EXPECT(portend_waiter_next(waiter, 20000, &room.event) == PORTEND_DONE);
  portend_waiter_destroy(waiter);

  int found = 0;
  portend_reservation* reservation = NULL;
  EXPECT(portend_find_port(NULL, &found) == PORTEND_OK && found > 0);
  EXPECT(portend_reservation_create(NULL, &reservation) == PORTEND_OK);
  EXPECT(portend_free("127.0.0.1", portend_reservation_port(reservation), 20000) == PORTEND_OK);
  portend_reservation_destroy(reservation);
  return 0;
}
