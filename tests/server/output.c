/* SPDX-License-Identifier: MIT */
/* The output of a server is kept, forwarded, and blocks nothing. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"
#include "support/clock.h"

enum { flood_bytes = 10 * 1000 * 1000, kept_bytes = 8192 };

static void close_descriptor(void* fd) { close((int)(intptr_t)fd); }
static void remove_file(void* path) { unlink(path); }

static void make_pipe(int ends[2]) {
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  at_end(close_descriptor, (void*)(intptr_t)ends[0]);
}

static char* make_file(char* path) {
  const int file = mkstemp(path);
  assert_true(file >= 0);
  close(file);
  at_end(remove_file, path);
  return path;
}

static void ten_megabytes_pass_and_the_end_is_kept(void** state) {
  (void)state;
  portend_server* server = actor("flood:10000000", "say:last", "listen");
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  /* The server may listen before all of its output was read. */
  const int64_t end = now_ms() + generous_ms;
  const char* output = portend_server_output(server);
  while (strstr(output, "last\n") == NULL && now_ms() < end) {
    sleep_ms(5);
    output = portend_server_output(server);
  }
  assert_in_range(strlen(output), kept_bytes / 2, kept_bytes);
  assert_begins(output, "0123456789");
  assert_string_equal(output + strlen(output) - 5, "last\n");
}

static void output_goes_to_a_file_too(void** state) {
  (void)state;
  char path[] = "/tmp/portend-output-XXXXXX";
  struct stat status;
  portend_server* server = actor("flood:10000000", "listen");
  assert_status(portend_server_set_output(server, make_file(path)), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(stat(path, &status), 0);
  assert_true(status.st_size >= flood_bytes);
  const off_t size = status.st_size;
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_size, 2 * size);
}

static void assert_passed_on(portend_server* server, const char* expected) {
  int ends[2];
  char text[200] = "";
  make_pipe(ends);
  assert_status(portend_server_set_output_fd(server, ends[1], "web | "), PORTEND_OK);
  close(ends[1]);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_true(read(ends[0], text, sizeof text - 1) > 0);
  assert_string_equal(text, expected);
}

static void lines_get_a_prefix(void** state) {
  (void)state;
  assert_passed_on(actor("say:one", "say:two", "say:", "listen"), "web | one\nweb | two\nweb | \n");
}

/* Otherwise a line of another server would continue it. */
static void a_last_line_without_its_end_gets_one(void** state) {
  (void)state;
  assert_passed_on(actor("say:one", "begin:two", "listen"), "web | one\nweb | two\n");
}

static void a_descriptor_of_a_file_takes_output(void** state) {
  (void)state;
  char path[] = "/tmp/portend-output-XXXXXX";
  char text[32] = "";
  const int file = open(make_file(path), O_RDWR | O_CLOEXEC);
  assert_true(file >= 0);
  at_end(close_descriptor, (void*)(intptr_t)file);
  portend_server* server = actor("say:one", "listen");
  assert_status(portend_server_set_output_fd(server, file, "a: "), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_int_equal(pread(file, text, sizeof text - 1, 0), 7);
  assert_string_equal(text, "a: one\n");
}

static void a_line_that_is_too_long_is_split(void** state) {
  (void)state;
  enum { longest = 4096, rest = 10 };
  int ends[2];
  char word[4 + longest + rest + 1] = "say:";
  char text[2 * longest] = "";
  make_pipe(ends);
  memset(word + 4, 'x', longest + rest);
  portend_server* server = actor(word, "listen");
  assert_status(portend_server_set_output_fd(server, ends[1], "> "), PORTEND_OK);
  close(ends[1]);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  const size_t expected = 2 + longest + 1 + 2 + rest + 1;
  for (size_t size = 0; size < expected;) {
    const ssize_t got = read(ends[0], text + size, expected - size);
    assert_true(got > 0);
    size += (size_t)got;
  }
  assert_begins(text + 2 + longest, "\n> xxxxxxxxxx\n");
}

/* The pipe is full when the server ends, and is read after that. */
static void the_last_output_waits_for_a_slow_reader(void** state) {
  (void)state;
  int ends[2];
  make_pipe(ends);
  const int size = fcntl(ends[1], F_SETPIPE_SZ, 4096);
  assert_true(size >= 4096);
  char* text = calloc(1, (size_t)size);
  at_end(free, text);
  assert_int_equal(write(ends[1], text, (size_t)size), size);
  portend_server* server = actor("say:the end", "exit:3");
  assert_status(portend_server_set_output_fd(server, ends[1], "> "), PORTEND_OK);
  close(ends[1]);
  assert_status(portend_server_launch(server), PORTEND_OK);
  for (const int64_t end = now_ms() + generous_ms; portend_server_exit_status(server) < 0; sleep_ms(1)) {
    assert_true(now_ms() < end);
  }
  for (int got = 0; got < size;) got += (int)read(ends[0], text, (size_t)(size - got));
  memset(text, 0, (size_t)size);
  assert_int_equal(read(ends[0], text, (size_t)size - 1), 10);
  assert_string_equal(text, "> the end\n");
}

static void a_pipe_that_is_not_read_blocks_no_stop(void** state) {
  (void)state;
  int ends[2];
  make_pipe(ends);
  const int flags = fcntl(ends[1], F_GETFL);
  portend_server* server = actor("note", "listen", "flood:10000000", "exit:6");
  assert_status(portend_server_set_output_fd(server, ends[1], "web | "), PORTEND_OK);
  assert_int_equal(fcntl(ends[1], F_GETFL), flags);
  close(ends[1]);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  sleep_ms(100);
  assert_int_equal(portend_server_alive(server), 1);
  const int64_t began = now_ms();
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_all_gone();
}

static void a_reader_that_has_closed_stops_no_server(void** state) {
  (void)state;
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  portend_server* server = actor("flood:10000000", "listen");
  assert_status(portend_server_set_output_fd(server, ends[1], NULL), PORTEND_OK);
  close(ends[1]);
  close(ends[0]);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
}

static void a_server_has_no_descriptor_of_its_host(void** state) {
  (void)state;
  const char* const command[] = {"ls", "/proc/self/fd", NULL};
  const int inherited = dup(0); /* not close-on-exec */
  portend_server* server = actor("");
  assert_status(portend_server_set_command(server, command), PORTEND_OK);
  assert_status(portend_server_start(server, start_ms), PORTEND_ERR_GONE);
  close(inherited);
  assert_string_equal(portend_server_output(server), "0\n1\n2\n3\n"); /* 3 is the directory that ls opened */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(ten_megabytes_pass_and_the_end_is_kept),
      tidy(output_goes_to_a_file_too),
      tidy(lines_get_a_prefix),
      tidy(a_last_line_without_its_end_gets_one),
      tidy(a_descriptor_of_a_file_takes_output),
      tidy(a_line_that_is_too_long_is_split),
      tidy(the_last_output_waits_for_a_slow_reader),
      tidy(a_pipe_that_is_not_read_blocks_no_stop),
      tidy(a_reader_that_has_closed_stops_no_server),
      tidy(a_server_has_no_descriptor_of_its_host),
  };
  return cmocka_run_group_tests_name("server/output", tests, NULL, NULL);
}
