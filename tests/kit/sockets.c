/* SPDX-License-Identifier: MIT */
/* The commands about one socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kit.h"
#include "support/socket.h"

enum { usual_backlog = 4096, patience_ms = 30000 };

struct entry entries[most_sockets];
int entry_count;

struct entry* entry_of(char** words) {
  char* end = *words;
  const long number = strtol(*words, &end, 10);
  if (end == *words || number < 0 || number >= entry_count) {
    refuse("'%s' is not the number of a socket", *words);
    return NULL;
  }
  *words = end + strspn(end, " ");
  return &entries[number];
}

static void add_entry(const struct entry* made) {
  if (entry_count == most_sockets) {
    refuse("there are %d sockets already", most_sockets);
    return;
  }
  entries[entry_count++] = *made;
  answer("%d %d", entry_count - 1, made->port);
}

static void add_connection(int fd) {
  const struct entry made = {.fd = fd};
  if (fd < 0) {
    refuse_by_errno();
  } else {
    add_entry(&made);
  }
}

static bool is_path(const char* address) { return address[0] == '/' || address[0] == '@'; }

static int bind_path(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t length = strlen(path);
  const bool is_abstract = path[0] == '@';
  memcpy(address.sun_path, path, length + 1);
  if (is_abstract) address.sun_path[0] = '\0';
  const size_t size = offsetof(struct sockaddr_un, sun_path) + length + !is_abstract;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, (const struct sockaddr*)&address, (socklen_t)size) == 0) return fd;
  close(fd);
  return -1;
}

/* Binds the port without SO_REUSEADDR first, so that no other socket has it, and sets the option then. */
static bool hold_port(struct entry* entry) {
  const int on = 1;
  entry->placeholder = bind_socket(entry->address, entry->port, entry->options);
  if (entry->placeholder < 0) {
    refuse_by_errno();
    return false;
  }
  setsockopt(entry->placeholder, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  entry->port = port_of(entry->placeholder);
  return true;
}

static bool open_entry(struct entry* entry, int options) {
  const bool by_path = is_path(entry->address);
  entry->fd = by_path ? bind_path(entry->address) : bind_socket(entry->address, entry->port, options);
  if (entry->fd < 0) {
    refuse_by_errno();
    return false;
  }
  if (!by_path) entry->port = port_of(entry->fd);
  return true;
}

/* hold ADDRESS PORT [reuse] [share] [dual] [udp] [later | kept] */
static void hold(char* words) {
  static const struct {
    const char* word;
    int option;
  } options[] = {
      {"reuse", reusing_address}, {"share", reusing_port}, {"dual", dual_stack}, {"udp", over_udp}};
  struct entry made = {.fd = -1};
  int used = 0;
  if (sscanf(words, "%107s %d%n", made.address, &made.port, &used) < 2) {
    refuse("hold needs an address and a port");
    return;
  }
  for (size_t i = 0; i < sizeof options / sizeof *options; ++i) {
    if (strstr(words + used, options[i].word) != NULL) made.options |= options[i].option;
  }
  const bool is_later = strstr(words + used, "later") != NULL;
  const bool is_kept = strstr(words + used, "kept") != NULL;
  if (is_later || (is_kept ? hold_port(&made) : open_entry(&made, made.options))) add_entry(&made);
}

/* listen SOCKET [BACKLOG] */
static void begin_to_listen(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  if (entry->fd < 0 && !open_entry(entry, entry->options | reusing_address)) return;
  if (listen(entry->fd, *words != '\0' ? atoi(words) : usual_backlog) != 0) {
    refuse_by_errno();
  } else {
    answer("%d", entry->port);
  }
}

static void take_connections(struct entry* entry) {
  int listens = 0;
  socklen_t size = sizeof listens;
  getsockopt(entry->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
  if (listens && entry->service == by_command) entry->connections += drain_queue(entry->fd);
}

/* count SOCKET: how many connections it got; accepts and closes those that wait */
static void count(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  take_connections(entry);
  answer("%lld", (long long)entry->connections);
}

/* close SOCKET */
static void close_entry(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  take_connections(entry);
  close(entry->fd);
  entry->fd = -1;
  confirm();
}

/* release SOCKET: closes it, and no longer keeps its port */
static void release_entry(char* words) {
  char* number = words;
  struct entry* entry = entry_of(&number);
  if (entry == NULL) return;
  if (entry->placeholder > 0) close(entry->placeholder);
  entry->placeholder = 0;
  close_entry(words);
}

/* reset SOCKET: closes a connection with RST */
static void reset_entry(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  reset_connection(entry->fd);
  entry->fd = -1;
  confirm();
}

/* shutdown SOCKET */
static void shut_down(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  shutdown(entry->fd, SHUT_RDWR);
  confirm();
}

static bool becomes_readable(int fd) {
  struct pollfd one = {.fd = fd, .events = POLLIN};
  return poll(&one, 1, patience_ms) == 1;
}

/* accept SOCKET: accepts a connection, and returns its number */
static void accept_connection(char* words) {
  struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  if (!becomes_readable(entry->fd)) {
    refuse("no connection came");
    return;
  }
  ++entry->connections;
  add_connection(accept4(entry->fd, NULL, NULL, SOCK_CLOEXEC));
}

/* connect ADDRESS PORT: connects, and returns the number of the connection */
static void begin_connection(char* words) {
  char address[108] = "";
  int port = 0;
  sscanf(words, "%107s %d", address, &port);
  add_connection(try_to_connect(address, port));
}

/* send SOCKET TEXT */
static void send_text(char* words) {
  const struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  if (send(entry->fd, words, strlen(words), 0) < 0) {
    refuse_by_errno();
  } else {
    confirm();
  }
}

/* receive SOCKET: returns the next data; nothing at the end */
static void receive_text(char* words) {
  char text[256];
  const struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  const ssize_t size = becomes_readable(entry->fd) ? recv(entry->fd, text, sizeof text, 0) : -1;
  if (size < 0) {
    refuse_by_errno();
  } else {
    answer("%.*s", (int)size, text);
  }
}

/* fill SOCKET: connects to it until its accept queue is full */
static void fill(char* words) {
  const struct entry* entry = entry_of(&words);
  if (entry == NULL) return;
  fill_queue(entry->fd, entry->address);
  confirm();
}

const struct command socket_commands[] = {
    {"accept", accept_connection},
    {"close", close_entry},
    {"connect", begin_connection},
    {"count", count},
    {"fill", fill},
    {"hold", hold},
    {"listen", begin_to_listen},
    {"receive", receive_text},
    {"release", release_entry},
    {"reset", reset_entry},
    {"send", send_text},
    {"shutdown", shut_down},
    {NULL, NULL},
};
