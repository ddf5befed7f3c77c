/* SPDX-License-Identifier: MIT */
/* The texts of a snapshot are safe to print for any process name, and valid until its destruction. */
#include <portend/sockets.h>

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "listed.h"
#include "support/child.h"
#include "support/socket.h"

/* Gives this process a name and a command line that would confuse a terminal. */
static void be_called(const char* name, char* arguments, size_t size, const char* command_line) {
  prctl(PR_SET_NAME, name);
  memset(arguments, 0, size);
  snprintf(arguments, size, "%s", command_line);
}

static char* own_arguments;
static size_t own_arguments_size;

static const struct {
  const char* said;
  const char* shown;
} names[] = {
    {"a\x1b[2Jb", "a?[2Jb"},
    {"\r\n\t\x7f", "????"},
    {"c1 \xc2\x9b", "c1 ?"},
    {"\xff\xc3(", "?\?("},
    {"rlo \xe2\x80\xae gnp", "rlo ? gnp"},
    {"line\xe2\x80\xa8", "line?"},
    {"\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac"},
    {"\"\\}", "\"\\}"},
};

static void hostile_names_and_command_lines_are_made_harmless(void** state) {
  (void)state;
  skip_if_unsupported();
  listen_on("127.0.0.1", 20001, strictly, 1);
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    be_called(names[i].said, own_arguments, own_arguments_size, names[i].said);
    portend_sockets* one = new_sockets(20001, 20001, PORTEND_SOCKETS_LISTENING);
    assert_string_equal(portend_sockets_process(one, 0), names[i].shown);
    assert_string_equal(portend_sockets_command_line(one, 0), names[i].shown);
    assert_begins(portend_sockets_explain(one, 20001), names[i].shown);
  }
}

static void explain_both(const portend_sockets* sockets, const char** texts) {
  texts[0] = portend_sockets_explain(sockets, 20001);
  texts[1] = portend_sockets_explain(sockets, 20002);
}

static void a_text_of_one_snapshot_outlives_calls_on_another(void** state) {
  (void)state;
  skip_if_unsupported();
  listen_on("127.0.0.1", 20001, strictly, 1);
  listen_on("127.0.0.2", 20002, strictly, 1);
  portend_sockets* first = new_sockets(20001, 20002, PORTEND_SOCKETS_LISTENING);
  portend_sockets* second = new_sockets(20001, 20002, PORTEND_SOCKETS_LISTENING);
  const char* texts[4];
  explain_both(first, texts);
  explain_both(second, texts + 2);
  assert_ptr_equal(portend_sockets_explain(first, 20001), texts[0]);
  assert_ptr_not_equal(texts[0], texts[2]);
  assert_string_equal(texts[0], texts[2]);
  assert_contains(texts[1], "127.0.0.2");
  assert_contains(texts[3], "127.0.0.2");
}

int main(int count, char** arguments) {
  own_arguments = arguments[0];
  own_arguments_size = (size_t)(arguments[count - 1] + strlen(arguments[count - 1]) + 1 - arguments[0]);
  const struct CMUnitTest tests[] = {
      alone(hostile_names_and_command_lines_are_made_harmless),
      alone(a_text_of_one_snapshot_outlives_calls_on_another),
  };
  return cmocka_run_group_tests_name("texts of a snapshot", tests, NULL, NULL);
}
