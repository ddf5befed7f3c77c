/* SPDX-License-Identifier: MIT */
/*
 * A server with scripted behavior: executes its arguments one after the other, and then sleeps.
 *
 *   listen[:PORT]  listens on 127.0.0.1, on PORT or the one of the environment
 *   strict         the same without SO_REUSEADDR
 *   close          closes the listener
 *   delay:MS       sleeps
 *   say:TEXT       writes a line
 *   begin:TEXT     writes the beginning of a line
 *   flood:BYTES    writes so many bytes, in lines
 *   note           appends its process id to the file $NOTES
 *   deaf           ignores TERM
 *   stop           stops itself (SIGSTOP)
 *   fork           a child executes the rest, and this process sleeps
 *   escape         the same, and the child starts its own session
 *   daemon         the same, twice, and the parents exit
 *   exit:CODE      exits
 *   abort          is killed by SIGABRT
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int listener = -1;

static void check(int condition, const char* what) {
  if (condition) return;
  perror(what);
  exit(9);
}

static void pause_forever(void) {
  for (;;) pause();
}

static void listen_on(const char* port, int reuse) {
  const char* text = port != NULL ? port : getenv("PORT");
  check(text != NULL, "PORT");
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((unsigned short)atoi(text)),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
  listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  check(bind(listener, (const struct sockaddr*)&address, sizeof address) == 0, "bind");
  check(listen(listener, 16) == 0, "listen");
}

static void delay(long ms) {
  struct timespec rest = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&rest, NULL);
}

static void flood(long bytes) {
  static const char line[] = "0123456789012345678901234567890123456789012345678901234567890\n";
  for (long done = 0; done < bytes; done += (long)sizeof line - 1) {
    check(write(1, line, sizeof line - 1) > 0, "write");
  }
}

static void note(void) {
  char text[32];
  const int length = snprintf(text, sizeof text, "%d\n", (int)getpid());
  const int file = open(getenv("NOTES"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  check(file >= 0 && write(file, text, (size_t)length) == length, "note");
  close(file);
}

static void be_child(void) {
  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child > 0) pause_forever();
}

static void be_daemon(void) {
  for (int i = 0; i < 2; ++i) {
    const pid_t child = fork();
    check(child >= 0, "fork");
    if (child > 0) _exit(0);
    setsid();
  }
}

static int is(const char* action, const char* name, const char** value) {
  const size_t length = strlen(name);
  if (strncmp(action, name, length) != 0 || (action[length] != '\0' && action[length] != ':')) return 0;
  *value = action[length] == ':' ? action + length + 1 : NULL;
  return 1;
}

static void act(const char* action) {
  const char* value = NULL;
  if (is(action, "listen", &value)) listen_on(value, 1);
  if (is(action, "strict", &value)) listen_on(value, 0);
  if (is(action, "close", &value)) close(listener);
  if (is(action, "delay", &value)) delay(atol(value));
  if (is(action, "say", &value)) dprintf(1, "%s\n", value);
  if (is(action, "begin", &value)) dprintf(1, "%s", value);
  if (is(action, "flood", &value)) flood(atol(value));
  if (is(action, "note", &value)) note();
  if (is(action, "deaf", &value)) signal(SIGTERM, SIG_IGN);
  if (is(action, "stop", &value)) raise(SIGSTOP);
  if (is(action, "fork", &value)) be_child();
  if (is(action, "escape", &value)) {
    be_child();
    setsid();
  }
  if (is(action, "daemon", &value)) be_daemon();
  if (is(action, "exit", &value)) exit(atoi(value));
  if (is(action, "abort", &value)) abort();
}

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) act(argv[i]);
  pause_forever();
}
