/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/clock.h"

enum { patience_ms = 20000 };

static char notes[] = "/tmp/portend-server-XXXXXX";
static bool has_notes;

static void remove_notes(void* unused) {
  (void)unused;
  unlink(notes);
  memcpy(notes + sizeof notes - 7, "XXXXXX", 6);
  has_notes = false;
}

static void make_notes(void) {
  if (has_notes) return;
  const int file = mkstemp(notes);
  assert_true(file >= 0);
  close(file);
  has_notes = true;
  at_end(remove_notes, NULL);
}

static void destroy(void* server) { portend_server_destroy(server); }

portend_server* new_server(const char* const* words) {
  const char* command[32] = {PORTEND_ACTOR};
  for (int i = 0; words[i] != NULL; ++i) command[i + 1] = words[i];
  make_notes();
  portend_server* server = NULL;
  assert_status(portend_server_create(&server), PORTEND_OK);
  at_end(destroy, server);
  assert_status(portend_server_set_command(server, command), PORTEND_OK);
  assert_status(portend_server_set_environment(server, "NOTES", notes), PORTEND_OK);
  return server;
}

int noted(pid_t* pids) {
  int count = 0;
  FILE* file = fopen(notes, "re");
  assert_non_null(file);
  while (count < most_pids && fscanf(file, "%d", &pids[count]) == 1) ++count;
  fclose(file);
  return count;
}

/* Reads the state letter and the parent from /proc/PID/stat (proc(5)). */
static bool read_stat(pid_t pid, char* state, int* parent) {
  char path[32];
  char text[256] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE* file = fopen(path, "re");
  if (file == NULL) return false;
  const char* end = fgets(text, sizeof text, file) == NULL ? NULL : strrchr(text, ')');
  fclose(file);
  return end != NULL && sscanf(end + 1, " %c %d", state, parent) == 2;
}

bool is_there(pid_t pid) {
  char state = 'X';
  int parent = 0;
  return read_stat(pid, &state, &parent) && state != 'Z' && state != 'X';
}

void await_noted(int count) {
  pid_t pids[most_pids];
  for (const int64_t end = now_ms() + patience_ms; noted(pids) < count; sleep_ms(5)) {
    assert_true(now_ms() < end);
  }
}

void assert_all_gone(void) {
  pid_t pids[most_pids];
  const int count = noted(pids);
  assert_true(count > 0);
  const int64_t end = now_ms() + patience_ms;
  for (int i = 0; i < count; ++i) {
    while (is_there(pids[i]) && now_ms() < end) sleep_ms(5);
    assert_false(is_there(pids[i]));
  }
}

int children_left(void) {
  int count = 0;
  DIR* directory = opendir("/proc");
  assert_non_null(directory);
  for (const struct dirent* entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    char state = 'X';
    int parent = 0;
    const pid_t pid = atoi(entry->d_name);
    if (pid > 0 && read_stat(pid, &state, &parent) && parent == getpid()) ++count;
  }
  closedir(directory);
  return count;
}
