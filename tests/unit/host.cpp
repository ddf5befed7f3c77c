// SPDX-License-Identifier: MIT
#include "net/host.hpp"

#include "support/unit.hpp"

using namespace portend;

namespace {

using Addresses = std::vector<os::Ip>;

void numeric_hosts_and_localhost_need_no_look_up() {
  const Addresses v4{os::loopback4};
  const Addresses v6{os::loopback6};
  const Addresses both{os::loopback4, os::loopback6};
  const struct {
    const char* host;
    Addresses addresses;
  } known[] = {
      {"127.0.0.1", v4},
      {"::ffff:127.0.0.1", v4},
      {"::FFFF:7f00:1", v4},
      {"0.0.0.0", v4},
      {"::1", v6},
      {"0:0::1", v6},
      {"*", both},
      {"::", v6},
      {"::0", v6},
      {"::0.0.0.0", v6},
      {"localhost", both},
      {"LOCALHOST", both},
      {"localhost.", both},
      {"a.localhost", both},
      {"a.b.LocalHost.", both},
  };
  for (const auto& [host, addresses] : known) expect(net::known_addresses(host) == addresses);
}

void other_names_are_looked_up() {
  for (const char* host :
       {"example.org", "localhost.example", "notlocalhost", "localhost..", "1.2.3", "a", "127.0.0.256",
        "::12345", "::1%lo", "fe80::1%no-such-interface", "0x7f.1", "host"}) {
    expect(!net::known_addresses(host));
  }
}

void a_zone_belongs_to_a_link_local_address() {
  const auto known = net::known_addresses("fe80::1%1");
  expect(known && known->size() == 1 && known->front().scope == 1);
  expect(!net::known_addresses("fe80::1%0"));
  expect(!net::known_addresses("fe80::1%"));
  expect(!net::known_addresses("fe80::1%4294967296"));
  expect(!net::known_addresses("127.0.0.1%1"));
}

void a_wildcard_is_replaced_by_loopback_and_other_hosts_are_not() {
  for (const char* host : {"0.0.0.0", "::", "::0", "::0.0.0.0"}) {
    expect(std::string(net::client_host(host)) == (host[0] == '0' ? "127.0.0.1" : "::1"));
  }
  for (const char* host : {"", "0", "localhost", "::00", "0.0.0.0.", " ::"}) {
    expect(net::client_host(host) == host);
  }
  expect(net::client_host(nullptr) == nullptr);
}

void every_ascii_character_is_accepted_or_refused_with_a_message() {
  for (int c = 1; c < 128; ++c) {
    const std::string host{'a', static_cast<char>(c), 'b'};
    const bool valid =
        c > ' ' && c != 0x7f && std::string_view("@/?#=&;\\").find(host[1]) == std::string_view::npos;
    expect_equal(net::validate_host(host).has_value(), !valid);
  }
  expect(net::validate_host(std::string("a\0b", 3)).has_value());
  expect(net::validate_host("").has_value());
}

void a_link_local_address_needs_its_zone() {
  for (const char* host : {"fe80::1", "FE80::1", "fe9f::", "feaa::1:2", "febf:ffff::"}) {
    expect(net::validate_host(host).has_value());
    expect(!net::validate_host(host + std::string("%1")));
  }
  for (const char* host : {"fec0::1", "fe7f::1", "::fe80", "fe80", "fe80.example", "fe80::x"}) {
    expect(!net::validate_host(host));
  }
}

void a_host_has_255_bytes_at_most() {
  expect(!net::validate_host(std::string(255, 'a')));
  expect(net::validate_host(std::string(256, 'a')).has_value());
  expect(
      !net::validate_host("b\xc3\xbc"
                          "cher.example"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(numeric_hosts_and_localhost_need_no_look_up),
      unit(other_names_are_looked_up),
      unit(a_zone_belongs_to_a_link_local_address),
      unit(a_wildcard_is_replaced_by_loopback_and_other_hosts_are_not),
      unit(every_ascii_character_is_accepted_or_refused_with_a_message),
      unit(a_link_local_address_needs_its_zone),
      unit(a_host_has_255_bytes_at_most),
  };
  return cmocka_run_group_tests_name("net/host", tests, nullptr, nullptr);
}
