/* SPDX-License-Identifier: MIT */
/* What the parts of the kit share. */
#ifndef PORTEND_TEST_KIT_H
#define PORTEND_TEST_KIT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command {
  const char* name; /* NULL: the end of a table */
  void (*run)(char* words);
};

extern const struct command socket_commands[];
extern const struct command service_commands[];

/* Each command must call exactly one of these, once, to write its answer. */
void confirm(void);
void answer(const char* form, ...) __attribute__((format(printf, 1, 2)));
void refuse(const char* form, ...) __attribute__((format(printf, 1, 2)));
void refuse_by_errno(void);

/* What a listener does with a connection that it accepts by itself. */
enum service { by_command, to_end, to_reset, to_keep, to_greet, to_answer, to_answer_port };

/* A socket. It keeps its number after it is closed: `listen` opens it again. */
struct entry {
  char address[108];
  int port;
  int options;     /* of bind_socket (support/socket.h) */
  int fd;          /* -1: closed */
  int placeholder; /* keeps the port while the socket is closed; 0: none */
  enum service service;
  char* text; /* the answer */
  size_t text_size;
  char heard[64];
  int64_t connections;
};

enum { most_sockets = 4096 };

extern struct entry entries[most_sockets];
extern int entry_count;

/* Returns the socket whose number is at the beginning of the words, and moves `*words` after the number.
 * If there is none, writes an error as the answer and returns NULL. */
struct entry* entry_of(char** words);

void reset_connection(int fd);

/* Adds the listeners that accept by themselves, and returns their number. */
int add_served(struct pollfd* polled);

/* Accepts one connection of a listener that accepts by itself. */
void serve(int listener);

/* Runs a program in its own network: kit network|quiet [silent] COMMAND... */
int run_in_network(char** words);

#endif
