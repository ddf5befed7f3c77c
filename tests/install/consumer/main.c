/* SPDX-License-Identifier: MIT */
#include <portend/portend.h>

#include <stdio.h>
#include <string.h>

/* Finds a port, reserves it, and checks that nothing listens on it. This uses most of the library. */
int main(void) {
  portend_reservation* held = NULL;
  if (portend_reservation_create(NULL, &held) != PORTEND_OK ||
      portend_free("localhost", portend_reservation_port(held), 30000) != PORTEND_OK ||
      portend_occupied("localhost", portend_reservation_port(held), 0) != PORTEND_ERR_TIMEOUT) {
    fprintf(stderr, "%s\n", portend_last_error());
    return 1;
  }
  if (strstr(portend_last_error(), "not bound on localhost.") == NULL) return 1;
  portend_reservation_destroy(held);
  printf("portend %s\n", portend_version());
  return 0;
}
