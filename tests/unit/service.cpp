// SPDX-License-Identifier: MIT
#include "net/service.hpp"

#include "support/unit.hpp"

using namespace portend;

namespace {

void services_have_ports() {
  expect_equal(net::service_port("http").value_or(0), 80);
  expect_equal(net::service_port("HTTPS").value_or(0), 443);
  expect_equal(net::service_port("postgresql").value_or(0), 5432);
  expect_equal(net::service_port("mongodb").value_or(0), 27017);
}

void other_texts_are_not_services() {
  for (const char* text : {"", " ", "80", "+80", "-80", " 80", "80 ", "0x50", "http ", " http", "-http",
                           "h\nttp", "no-such-service", "tftp", "h@ttp", "\xc3\xbc"}) {
    expect(!net::service_port(text));
  }
}

void schemes_may_name_a_driver_or_a_transport() {
  expect_equal(net::scheme_port("postgresql+asyncpg").value_or(0), 5432);
  expect_equal(net::scheme_port("mysql+pymysql").value_or(0), 3306);
  expect_equal(net::scheme_port("git+ssh").value_or(0), 22);
  expect_equal(net::scheme_port("svn+https").value_or(0), 443);
  for (const char* scheme : {"tcp", "+", "+ssh2", "x+y", "no-such+scheme"}) {
    expect(!net::scheme_port(scheme));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(services_have_ports),
      unit(other_texts_are_not_services),
      unit(schemes_may_name_a_driver_or_a_transport),
  };
  return cmocka_run_group_tests_name("net/service", tests, nullptr, nullptr);
}
