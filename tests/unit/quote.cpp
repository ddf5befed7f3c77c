// SPDX-License-Identifier: MIT
#include "net/quote.hpp"

#include "support/unit.hpp"

using namespace portend;

namespace {

void harmless_texts_are_shown() {
  for (const char* text : {"", "localhost", "localhost:80", "[::1]:80", "[fe80::1%eth0]:80", "::1:80",
                           "fe80::1%lo:80", "*:80", "a b", "h:http", "[::1]:http", "[localhost]:80",
                           "b\xc3\xbc"
                           "cher.example:80"}) {
    expect_equal(net::quoted(text), "'" + std::string(text) + "'");
  }
  expect_equal(net::quoted("a\033[31m\xff"), std::string("'a?[31m?'"));
}

void of_a_url_the_scheme_is_shown() {
  expect_equal(net::quoted("HTTP://h/x"), std::string("'http://...'"));
  expect_equal(net::quoted("a+b.c-1://"), std::string("'a+b.c-1://...'"));
  expect_equal(net::quoted("jdbc:mysql://user:secret@h"), std::string("'mysql://...'"));
  expect_equal(net::quoted("unix:/run/secret"), std::string("'unix:...'"));
}

void what_may_hold_a_password_is_not_shown() {
  for (const char* text : {"user:secret@h", "user:secret:h", "secret/x", "h?secret", "h#secret",
                           "password=secret", "a;secret", "a&secret", "a\\secret", "://secret", "1x://secret",
                           "us er://secret", "user:secret://x", "[user:secret:x]"}) {
    expect_equal(net::quoted(text), std::string("(not shown because it may contain a password)"));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(harmless_texts_are_shown),
      unit(of_a_url_the_scheme_is_shown),
      unit(what_may_hold_a_password_is_not_shown),
  };
  return cmocka_run_group_tests_name("net/quote", tests, nullptr, nullptr);
}
