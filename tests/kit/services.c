/* SPDX-License-Identifier: MIT */
/* Listeners that accept by themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kit.h"
#include "support/socket.h"

void reset_connection(int fd) {
  const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(fd);
}

/* Replaces "\n" and "\0", since a line cannot contain a line feed or a NUL. */
static void set_text(struct entry* entry, const char* words) {
  free(entry->text);
  entry->text = malloc(strlen(words) + 1);
  entry->text_size = 0;
  while (*words != '\0') {
    const bool is_escape = words[0] == '\\' && (words[1] == 'n' || words[1] == '0');
    entry->text[entry->text_size++] = (char)(!is_escape ? *words : words[1] == 'n' ? '\n' : '\0');
    words += is_escape ? 2 : 1;
  }
}

/* serve SOCKET end | reset | keep | greet TEXT | answer TEXT | port */
static void begin_service(char* words) {
  static const char* const names[] = {"", "end", "reset", "keep", "greet", "answer", "port"};
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  const size_t length = strcspn(words, " ");
  for (int i = to_end; i <= to_answer_port; ++i) {
    if (strlen(names[i]) != length || strncmp(words, names[i], length) != 0) continue;
    entry->service = (enum service)i;
    set_text(entry, words + length + (words[length] == ' '));
    confirm();
    return;
  }
  refuse("'%s' is not a service", words);
}

/* heard SOCKET: how many connections it got, and what the last one sent */
static void tell_heard(char* words) {
  const struct entry* entry = entry_of(&words);
  if (entry != NULL) answer("%lld %s", (long long)entry->connections, entry->heard);
}

int add_served(struct pollfd* polled) {
  int count = 0;
  for (int i = 0; i < entry_count; ++i) {
    if (entries[i].fd < 0 || entries[i].service == by_command) continue;
    polled[count++] = (struct pollfd){.fd = entries[i].fd, .events = POLLIN};
  }
  return count;
}

static void hear(struct entry* entry, int connection) {
  const ssize_t size = recv(connection, entry->heard, sizeof entry->heard - 1, 0);
  entry->heard[size > 0 ? size : 0] = '\0';
  entry->heard[strcspn(entry->heard, "\n")] = '\0';
}

/* Returns a port that is not in use; it is released before it is returned. */
static int unused_port(void) {
  const int fd = bind_socket("127.0.0.1", 0, strictly);
  const int port = port_of(fd);
  close(fd);
  return port;
}

void serve(int listener) {
  struct entry* entry = entries;
  while (entry->fd != listener) ++entry;
  const int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (connection < 0) return;
  ++entry->connections;
  if (entry->service == to_reset) {
    reset_connection(connection);
    return;
  }
  const bool speaks = entry->service == to_greet || entry->service == to_answer;
  const bool hears = entry->service == to_answer || entry->service == to_answer_port;
  if (hears) hear(entry, connection);
  /* The client may have closed the connection. */
  if (speaks) send(connection, entry->text, entry->text_size, MSG_NOSIGNAL);
  if (entry->service == to_answer_port) dprintf(connection, "%d\n", unused_port());
  if (hears || entry->service == to_end) close(connection);
}

const struct command service_commands[] = {{"heard", tell_heard}, {"serve", begin_service}, {NULL, NULL}};
