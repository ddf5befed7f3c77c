/* SPDX-License-Identifier: MIT */
/* What tests of ports share. They use fixed ports, in network namespaces of their own. Which
 * ports the system hands out is read once in a process: so the program itself never looks for
 * one, only its children do. */
#ifndef PORTEND_TEST_PORTS_FOUND_H
#define PORTEND_TEST_PORTS_FOUND_H

#include <stdbool.h>
#include <stddef.h>

#include <portend/find.h>

/* The forms in which a server may bind a port of this machine, as arguments of bind_socket
 * (support/socket.h). */
struct form {
  const char* address;
  int wishes;
};

extern const struct form forms[];
extern const int form_count;

/* Whether the port can be bound now in each form, by itself. */
bool can_bind_in_all_forms(int port, int wishes);

/* Whether it cannot be bound in any form. */
bool cannot_bind_in_any_form(int port, int wishes);

/* One port, and PORTEND_OK. */
int find_one(portend_finder* finder);

/* Whether all of them are distinct; sorts them. */
bool are_distinct(int* ports, size_t count);

#endif
