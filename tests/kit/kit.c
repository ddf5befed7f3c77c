/* SPDX-License-Identifier: MIT */
/* Sockets for tests in any language; see README.md here. This part reads lines and handles delays. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "kit.h"
#include "support/clock.h"

enum { most_delayed = 64, longest_line = 8192 };

static struct {
  int64_t due_ns;
  char* line; /* NULL: this slot is unused */
} delayed[most_delayed];

static bool is_delayed; /* the current command was delayed, and is already answered */
static bool is_awaited;
static int64_t last_done_ns;
static char delayed_failure[256];

static void write_answer(const char* word, const char* form, va_list values) {
  printf("%s ", word);
  vprintf(form, values);
  printf("\n");
  fflush(stdout);
}

void confirm(void) {
  if (!is_delayed) puts("ok");
  fflush(stdout);
}

void answer(const char* form, ...) {
  va_list values;
  va_start(values, form);
  if (!is_delayed) write_answer("ok", form, values);
  va_end(values);
}

void refuse(const char* form, ...) {
  va_list values;
  va_start(values, form);
  if (is_delayed) {
    vsnprintf(delayed_failure, sizeof delayed_failure, form, values);
    fprintf(stderr, "kit: a delayed command failed: %s\n", delayed_failure);
  } else {
    write_answer("error", form, values);
  }
  va_end(values);
}

void refuse_by_errno(void) { refuse("%s", strerrorname_np(errno)); }

/* after MILLISECONDS COMMAND: runs a command later */
static void delay(char* words) {
  char* end = words;
  const int64_t length_ns = (int64_t)(strtod(words, &end) * 1e6);
  for (int i = 0; i < most_delayed; ++i) {
    if (delayed[i].line != NULL) continue;
    delayed[i].due_ns = now_ns() + length_ns;
    delayed[i].line = strdup(end + strspn(end, " "));
    confirm();
    return;
  }
  refuse("%d commands are delayed already", most_delayed);
}

static bool is_any_delayed(void) {
  for (int i = 0; i < most_delayed; ++i) {
    if (delayed[i].line != NULL) return true;
  }
  return false;
}

static void answer_if_done(void) {
  if (!is_awaited || is_any_delayed()) return;
  is_awaited = false;
  if (delayed_failure[0] != '\0') {
    refuse("%s", delayed_failure);
  } else {
    answer("%lld", (long long)last_done_ns);
  }
}

/* done: waits for delayed commands, and tells when the last one was done (CLOCK_MONOTONIC, in ns) */
static void await_delayed(char* unused) {
  (void)unused;
  is_awaited = true;
}

/* name TEXT: sets the name of the process */
static void set_name(char* words) {
  prctl(PR_SET_NAME, words);
  confirm();
}

/* kill PROCESS */
static void send_sigkill(char* words) {
  if (kill(atoi(words), SIGKILL) != 0) {
    refuse_by_errno();
  } else {
    confirm();
  }
}

/* exit: ends the kit; a delayed exit has no answer */
static void end(char* unused) {
  (void)unused;
  _exit(EXIT_SUCCESS);
}

static const struct command own_commands[] = {
    {"after", delay},       {"done", await_delayed}, {"exit", end},
    {"kill", send_sigkill}, {"name", set_name},      {NULL, NULL},
};

static void run_line(char* line) {
  const struct command* const tables[] = {own_commands, socket_commands, service_commands};
  const size_t length = strcspn(line, " ");
  for (size_t i = 0; i < sizeof tables / sizeof *tables; ++i) {
    for (const struct command* command = tables[i]; command->name != NULL; ++command) {
      if (strlen(command->name) != length || strncmp(command->name, line, length) != 0) continue;
      command->run(line + length + strspn(line + length, " "));
      return;
    }
  }
  refuse("'%s' is not a command", line);
}

/* Runs the next delayed command if it is due, and returns when the following one is due. */
static int64_t run_due(void) {
  for (;;) {
    int first = -1;
    for (int i = 0; i < most_delayed; ++i) {
      if (delayed[i].line == NULL) continue;
      if (first < 0 || delayed[i].due_ns < delayed[first].due_ns) first = i;
    }
    if (first < 0) return -1;
    if (delayed[first].due_ns > now_ns()) return delayed[first].due_ns;
    is_delayed = true;
    run_line(delayed[first].line);
    is_delayed = false;
    last_done_ns = now_ns();
    free(delayed[first].line);
    delayed[first].line = NULL;
  }
}

/* Runs the lines that have arrived; false at the end of standard input. */
static bool read_lines(void) {
  static char text[2 * longest_line];
  static size_t used;
  const ssize_t size = read(STDIN_FILENO, text + used, sizeof text - used - 1);
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) return false;
  used += (size_t)size;
  text[used] = '\0';
  char* line = text;
  for (char* line_end; (line_end = strchr(line, '\n')) != NULL; line = line_end + 1) {
    *line_end = '\0';
    run_line(line);
  }
  used -= (size_t)(line - text);
  memmove(text, line, used);
  return used + 1 < sizeof text;
}

static void wait_for_events(struct pollfd* polled, int count, int64_t due_ns) {
  int64_t left_ns = due_ns < 0 ? 0 : due_ns - now_ns();
  if (left_ns < 0) left_ns = 0;
  const struct timespec left = {(time_t)(left_ns / 1000000000), (long)(left_ns % 1000000000)};
  if (ppoll(polled, (nfds_t)count, due_ns < 0 ? NULL : &left, NULL) < 0) polled[0].revents = 0;
}

static void run_lines(void) {
  struct pollfd polled[1 + most_sockets];
  for (bool goes_on = true; goes_on;) {
    const int64_t due_ns = run_due();
    answer_if_done();
    polled[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    const int count = 1 + add_served(polled + 1);
    wait_for_events(polled, count, due_ns);
    for (int i = 1; i < count; ++i) {
      if (polled[i].revents != 0) serve(polled[i].fd);
    }
    if (polled[0].revents != 0) goes_on = read_lines();
  }
}

int main(int argc, char** argv) {
  if (argc > 1) return run_in_network(argv + 1);
  signal(SIGPIPE, SIG_IGN);
  run_lines();
  return EXIT_SUCCESS;
}
