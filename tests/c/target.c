/* SPDX-License-Identifier: MIT */
#include <portend/target.h>

#include <limits.h>
#include <string.h>

#include "support/handles.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
  const char* text;
  const char* host;
  int port;
} targets[] = {
    {"localhost:80", "localhost", 80},
    {"127.0.0.1:1", "127.0.0.1", 1},
    {"example.org.:65535", "example.org.", 65535},
    {"b\xc3\xbc"
     "cher.example:443",
     "b\xc3\xbc"
     "cher.example",
     443},
    {"[::1]:8080", "::1", 8080},
    {"[2001:db8::7]:22", "2001:db8::7", 22},
    {"[::ffff:192.0.2.1]:22", "::ffff:192.0.2.1", 22},
    {"[fe80::1%lo]:80", "fe80::1%lo", 80},
    {"[fe80::1%1]:80", "fe80::1%1", 80},
    {"[fe80::1%251]:80", "fe80::1%251", 80},
};

static void a_target_is_taken_apart(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(targets); ++i) {
    char host[PORTEND_HOST_SIZE];
    int port = 0;
    assert_status(portend_parse_target(targets[i].text, host, sizeof host, &port), PORTEND_OK);
    assert_string_equal(host, targets[i].host);
    assert_int_equal(port, targets[i].port);
  }
}

static void a_target_is_put_together(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(targets); ++i) {
    char text[PORTEND_HOST_SIZE + 8];
    assert_status(portend_format_target(targets[i].host, targets[i].port, text, sizeof text), PORTEND_OK);
    assert_string_equal(text, targets[i].text);
  }
}

static const struct {
  const char* text;
  const char* problem;
} bad_targets[] = {
    {"", "needs a port"},
    {"localhost", "needs a port"},
    {"8080", "needs a host, as in localhost:8080"},
    {"localhost:", "must be a number"},
    {":80", "its host is empty"},
    {"localhost:0", "outside 1 to 65535"},
    {"localhost:65536", "outside 1 to 65535"},
    {"localhost:99999999999999999999", "outside 1 to 65535"},
    {"localhost:-1", "must be a number"},
    {"localhost:+1", "must be a number"},
    {"localhost: 80", "must be a number"},
    {"localhost:80 ", "must be a number"},
    {"localhost:0x50", "must be a number"},
    {"localhost:no-such-service", "name of a TCP service in services(5)"},
    {"localhost:tftp", "name of a TCP service in services(5)"},
    {"::1:80", "needs brackets, as in [::1]:80"},
    {"::1", "needs brackets, as in [::1]:80"},
    {"fe80::1%lo:80", "needs brackets, as in [::1]:80"},
    {"a:b:80", "more than one ':'"},
    {"[::1]", "write ':' and a port after the brackets"},
    {"[::1]80", "write ':' and a port after the brackets"},
    {"[::1]:", "must be a number"},
    {"[::1]:0", "outside 1 to 65535"},
    {"[::1:80", "'[' without a ']'"},
    {"[]:80", "its host is empty"},
    {"[localhost]:80", "only an IPv6 address can stand in brackets"},
    {"[127.0.0.1]:80", "only an IPv6 address can stand in brackets"},
    {"[::1%]:80", "zone is not an interface"},
    {"[::1%lo]:80", "not a link-local one"},
    {"[fe80::1%no-such-interface]:80", "zone is not an interface"},
    {"[fe80::1%25no-such-interface]:80", "zone is not an interface"},
    {"[fe80::1]:80", "without its zone; write it as in fe80::1%eth0"},
    {"[::12345]:80", "only an IPv6 address can stand in brackets"},
    {"ho st:80", "a space or a control character"},
    {"ho\tst:80", "a space or a control character"},
    {"ho\x7fst:80", "a space or a control character"},
    {"ho\xc2\x85st:80", "a space or a control character"},
    {"\xff:80", "is not UTF-8"},
    {"\xc0\xaf:80", "is not UTF-8"},
    {"\xed\xa0\x80:80", "is not UTF-8"},
};

static void a_text_that_is_not_a_target_is_an_error_that_says_why(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(bad_targets); ++i) {
    char host[PORTEND_HOST_SIZE] = "untouched";
    int port = 4711;
    assert_status(portend_parse_target(bad_targets[i].text, host, sizeof host, &port), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "is not a target: ");
    assert_contains(portend_last_error(), bad_targets[i].problem);
    assert_string_equal(host, "untouched");
    assert_int_equal(port, 4711);
  }
}

static void null_is_not_a_target(void** state) {
  (void)state;
  char host[PORTEND_HOST_SIZE] = "untouched";
  int port = 4711;
  assert_status(portend_parse_target(NULL, host, sizeof host, &port), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "target is NULL");
  assert_status(portend_parse_target("a:1", NULL, sizeof host, &port), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "host is NULL");
  assert_status(portend_parse_target("a:1", host, sizeof host, NULL), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "port is NULL");
  assert_string_equal(host, "untouched");
  assert_int_equal(port, 4711);
  assert_status(portend_format_target("a", 1, NULL, 10), PORTEND_ERR_INVALID);
  assert_contains(portend_last_error(), "text is NULL");
}

static void room_for_the_host_must_be_enough(void** state) {
  (void)state;
  char host[] = "untouched";
  int port = 4711;
  for (size_t size = 0; size < sizeof "tiny"; ++size) {
    assert_status(portend_parse_target("tiny:80", host, size, &port), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "takes 5 bytes: the buffer has");
    assert_string_equal(host, "untouched");
    assert_int_equal(port, 4711);
  }
  assert_status(portend_parse_target("tiny:80", host, sizeof "tiny", &port), PORTEND_OK);
  assert_string_equal(host, "tiny");
}

static void room_for_the_text_must_be_enough(void** state) {
  (void)state;
  char text[] = "untouched";
  for (size_t size = 0; size < sizeof "[::1]:80"; ++size) {
    assert_status(portend_format_target("::1", 80, text, size), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "takes 9 bytes: the buffer has");
    assert_string_equal(text, "untouched");
  }
  assert_status(portend_format_target("::1", 80, text, sizeof "[::1]:80"), PORTEND_OK);
  assert_string_equal(text, "[::1]:80");
}

static void the_promised_room_holds_the_longest_host(void** state) {
  (void)state;
  char longest[PORTEND_HOST_SIZE];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  char text[PORTEND_HOST_SIZE + 8];
  char host[PORTEND_HOST_SIZE];
  int port = 0;
  assert_status(portend_format_target(longest, 65535, text, sizeof text), PORTEND_OK);
  assert_status(portend_parse_target(text, host, sizeof host, &port), PORTEND_OK);
  assert_string_equal(host, longest);
  assert_int_equal(port, 65535);
}

static void what_is_put_together_can_be_taken_apart_or_is_an_error(void** state) {
  (void)state;
  static const char* const hosts[] = {"a:b", "[::1]", "::1]", "[::1",    "1:2:3",     "::1%lo", "a]b",
                                      "[a",  "a/b",   "a@b",  "a?b",     "a#b",       "unix",   "udp",
                                      "UDP", "*",     "a=b",  "fe80::1", "fe80::1%lo"};
  for (size_t i = 0; i < COUNT(hosts); ++i) {
    char text[PORTEND_HOST_SIZE + 8] = "untouched";
    char host[PORTEND_HOST_SIZE];
    int port = 0;
    if (portend_format_target(hosts[i], 80, text, sizeof text) == PORTEND_OK) {
      assert_status(portend_parse_target(text, host, sizeof host, &port), PORTEND_OK);
      assert_string_equal(host, portend_client_host(hosts[i]));
    } else {
      assert_string_equal(text, "untouched");
      assert_contains(portend_last_error(), "The host ");
    }
  }
}

static void a_port_that_is_none_is_not_put_into_a_target(void** state) {
  (void)state;
  const int ports[] = {0, -1, 65536, INT_MAX, INT_MIN};
  for (size_t i = 0; i < COUNT(ports); ++i) {
    char text[] = "untouched";
    assert_status(portend_format_target("a", ports[i], text, sizeof text), PORTEND_ERR_INVALID);
    assert_contains(portend_last_error(), "is outside 1 to 65535");
    assert_string_equal(text, "untouched");
  }
}

static void a_wildcard_is_replaced_by_loopback(void** state) {
  (void)state;
  assert_string_equal(portend_client_host("0.0.0.0"), "127.0.0.1");
  assert_string_equal(portend_client_host("::"), "::1");
  assert_string_equal(portend_client_host("::0"), "::1");
  assert_string_equal(portend_client_host("::0.0.0.0"), "::1");
  assert_string_equal(portend_client_host("*"), "localhost");
}

static void any_other_host_is_returned_unchanged(void** state) {
  (void)state;
  static const char* const hosts[] = {"localhost", "", "127.0.0.1", "::1", "0.0.0.00", "0", "[::]", "\xff"};
  for (size_t i = 0; i < COUNT(hosts); ++i) assert_ptr_equal(portend_client_host(hosts[i]), hosts[i]);
  assert_null(portend_client_host(NULL));
}

static void a_wildcard_is_put_together_as_loopback(void** state) {
  (void)state;
  char text[32];
  assert_status(portend_format_target("::", 80, text, sizeof text), PORTEND_OK);
  assert_string_equal(text, "[::1]:80");
  assert_status(portend_format_target("0.0.0.0", 80, text, sizeof text), PORTEND_OK);
  assert_string_equal(text, "127.0.0.1:80");
}

static void parsing_does_not_change_a_wildcard(void** state) {
  (void)state;
  char host[PORTEND_HOST_SIZE];
  int port = 0;
  assert_status(portend_parse_target("[::]:80", host, sizeof host, &port), PORTEND_OK);
  assert_string_equal(host, "::");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(a_target_is_taken_apart),
      tidy(a_target_is_put_together),
      tidy(a_text_that_is_not_a_target_is_an_error_that_says_why),
      tidy(null_is_not_a_target),
      tidy(room_for_the_host_must_be_enough),
      tidy(room_for_the_text_must_be_enough),
      tidy(the_promised_room_holds_the_longest_host),
      tidy(what_is_put_together_can_be_taken_apart_or_is_an_error),
      tidy(a_port_that_is_none_is_not_put_into_a_target),
      tidy(a_wildcard_is_replaced_by_loopback),
      tidy(any_other_host_is_returned_unchanged),
      tidy(a_wildcard_is_put_together_as_loopback),
      tidy(parsing_does_not_change_a_wildcard),
  };
  return cmocka_run_group_tests_name("portend/target.h", tests, NULL, NULL);
}
