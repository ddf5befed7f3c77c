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

static void lines_get_a_prefix(void** state) {
  (void)state;
  int ends[2];
  char text[200] = "";
  make_pipe(ends);
  portend_server* server = actor("say:one", "say:two", "say:", "listen");
  assert_status(portend_server_set_output_fd(server, ends[1], "web | "), PORTEND_OK);
  close(ends[1]);
  assert_status(portend_server_start(server, start_ms), PORTEND_OK);
  assert_status(portend_server_stop(server, grace_ms), PORTEND_OK);
  assert_true(read(ends[0], text, sizeof text - 1) > 0);
  assert_string_equal(text, "web | one\nweb | two\nweb | \n");
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
      tidy(a_pipe_that_is_not_read_blocks_no_stop),
      tidy(a_reader_that_has_closed_stops_no_server),
      tidy(a_server_has_no_descriptor_of_its_host),
  };
  return cmocka_run_group_tests_name("server/output", tests, NULL, NULL);
}
