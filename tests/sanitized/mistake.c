/* SPDX-License-Identifier: MIT */
/* Gives the library a place for an integer that is too small. Only a library with the address sanitizer
 * notices it. */
#include <portend/target.h>

#include <stdlib.h>

int main(void) {
  char host[64];
  int* port = malloc(sizeof *port / 2);
  return portend_parse_target("localhost:80", host, sizeof host, port);
}
