/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "port_server.h"

#include "support.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char variable[64] = "PORTSERVER_ADDRESS=";
static char address_text[32];

void name_port_server(int named) { strcpy(strchr(variable, '=') + 1, named ? address_text : ""); }

/* A port that nobody has: it is let go before it is told. */
static int free_port(void) {
  const int fd = bound_socket();
  const int port = port_of(fd);
  close(fd);
  return port;
}

static void serve(int listener) {
  char line[32];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN); /* who asked may have given up */
  for (;;) {
    const int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    if (read(client, line, sizeof line) > 0) dprintf(client, "%d\n", free_port());
    close(client);
  }
}

void start_port_server(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const int length = snprintf(address_text, sizeof address_text, "@portend-faults-%d", (int)getpid());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memcpy(address.sun_path + 1, address_text + 1, (size_t)length - 1);
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length);
  CHECK(listener >= 0 && bind(listener, (const struct sockaddr*)&address, size) == 0);
  CHECK(listen(listener, 64) == 0);
  CHECK(putenv(variable) == 0);
  fflush(NULL);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) serve(listener);
  close(listener);
}
