// SPDX-License-Identifier: MIT
// Finds ports on a machine whose sockets the scenario sets.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <system_error>

#include "capi/finder_messages.hpp"
#include "fake_os/system/files.hpp"
#include "ports/reservation.hpp"
#include "ports/search.hpp"
#include "ports/sockets.hpp"
#include "scenarios/finder_bench.hpp"

using namespace portend;
using namespace portend::test;
using ports::BoundPort;
using ports::Obstacle;
using ports::Search;

namespace {

using Bench = FinderBench;

std::size_t count_of(const NoPort& failure, Obstacle obstacle) {
  return failure.tally[static_cast<std::size_t>(obstacle)];
}

void found_ports_are_distinct_and_the_systems_own() {
  for (const std::size_t count : {1U, 2U, 10U, 500U}) {
    Bench bench;
    const auto found = bench.find(count);
    expect_equal(std::set(found.begin(), found.end()).size(), count);
    for (const auto each : found) expect(each >= 40000 && each <= 60000 && each != 40001 && each != 40002);
    // Searches for servers use one parity as long as it has ports.
    for (const auto each : found) expect_equal(each % 2, 1);
  }
}

void the_range_and_what_is_excluded_are_kept() {
  Bench bench;
  bench.options.range = Range{5000, 5009};
  bench.options.excluded = {Range{5000, 5000}, Range{5003, 5003}, Range{5009, 5009}};
  const auto found = bench.find(7);
  expect(std::set(found.begin(), found.end()) ==
         std::set<std::uint16_t>({5001, 5002, 5004, 5005, 5006, 5007, 5008}));
  try {
    bench.find(8);
    expect(false);
  } catch (const NoPort& failure) {
    expect_equal(failure.found, std::size_t{7});
    expect_equal(failure.range->first, 5000);
    expect_equal(failure.range->last, 5009);
  }
}

void the_only_hole_is_found() {
  for (const bool restricts : {true, false}) {
    for (const std::uint16_t hole : std::array<std::uint16_t, 4>{5000, 5001, 5117, 5199}) {
      for (const std::string& host : {std::string(), here}) {
        Bench bench;
        bench.world.can_restrict_range = restricts;
        bench.options.range = Range{5000, 5199};
        bench.options.host = host;
        bench.crowd(*bench.options.range, {hole});
        expect_equal(bench.find().front(), hole);
      }
    }
  }
}

void a_crowded_range_has_no_port() {
  for (const bool table_readable : {true, false}) {
    Bench bench;
    bench.world.table_readable = table_readable;
    bench.options.range = Range{5000, 5199};
    bench.crowd(*bench.options.range, {});
    expect_equal(count_of(*bench.refusal(), Obstacle::in_use), std::size_t{200});
  }
}

void preferred_ports_come_first() {
  struct Case {
    std::vector<Range> preferred;
    std::set<std::uint16_t> taken;
    bool only;
    std::uint16_t found;  // 0: none
  };
  for (const auto& [preferred, taken, only, found] : {
           // Different ports, since a port is not returned again for a while.
           Case{{Range{8080, 8081}}, {}, false, 8080},
           Case{{Range{8083, 8083}, Range{8082, 8082}}, {}, false, 8083},
           Case{{Range{8084, 8085}}, {8084}, false, 8085},
           Case{{Range{8086, 8087}}, {8086}, true, 8087},
           Case{{Range{8088, 8089}}, {8088, 8089}, true, 0},
           Case{{}, {}, true, 0},
       }) {
    Bench bench;
    bench.options.preferred = preferred;
    bench.options.only_preferred = only;
    for (const auto each : taken) bench.world.listen("0.0.0.0", each);
    if (found != 0) {
      expect_equal(bench.find().front(), found);
    } else {
      expect(bench.refusal().has_value());
    }
  }
}

void a_port_that_may_not_be_bound_is_reported() {
  Bench bench;
  bench.options.preferred = {Range{80, 80}};
  bench.options.only_preferred = true;
  bench.world.bindings[80] = os::Binding::forbidden;
  expect_equal(count_of(*bench.refusal(), Obstacle::privileged), std::size_t{1});
}

void a_port_is_free_on_all_that_is_asked_for() {
  struct Case {
    std::string host;
    bool udp;
    std::string listener;
    bool is_found;
  };
  for (const auto& [host, udp, listener, is_found] : {
           Case{"", false, "127.0.0.1", false},
           Case{"", false, "::1", false},
           Case{here, false, "127.0.0.1", false},
           Case{here, false, "::1", true},
           Case{"localhost", false, "::1", false},
           Case{"localhost", true, "127.0.0.1", false},
           Case{"192.0.2.7", false, "127.0.0.1", true},
       }) {
    Bench bench;
    bench.world.own_addresses.insert("192.0.2.7");
    bench.options.host = host;
    bench.options.udp = udp;
    bench.options.range = Range{5000, 5000};
    bench.world.listen(listener, 5000);
    expect_equal(!bench.refusal(), is_found);
  }
}

void a_host_of_another_machine_has_no_port() {
  Bench bench;
  bench.options.host = far;
  expect(bench.refusal()->cause == NoPort::Cause::host_is_remote);
}

void a_machine_without_ipv6_has_ports() {
  Bench bench;
  bench.world.lacks_ipv6 = true;
  for (const std::string& host : {std::string(), std::string("localhost")}) {
    bench.options.host = host;
    expect_equal(bench.find(3).size(), std::size_t{3});
  }
}

void a_machine_without_ipv6_has_no_port_for_ipv6() {
  Bench bench;
  bench.world.lacks_ipv6 = true;
  bench.options.family = os::Family::ipv6;
  const auto failure = bench.refusal();
  expect(failure->cause == NoPort::Cause::family_lacking);
  expect(capi::explain(*failure).find("it lacks the address family; allow the other one.") !=
         std::string::npos);
}

void a_port_in_use_is_explained_as_far_as_the_system_tells() {
  Bench bench;
  bench.options.range = Range{5000, 5000};
  bench.crowd(*bench.options.range, {});
  const auto failure = *bench.refusal();
  const auto says = [&](const std::string& text) {
    return capi::explain(failure).find(text) != std::string::npos;
  };
  expect(says("1 in use: server (pid 1, user 0) listens on *"));
  bench.world.processes_visible = false;
  expect(says("1 in use: a process that cannot be seen from here (user 0) listens on *"));
  bench.world.sockets_listable = false;
  expect(says("1 in use: this system does not tell which process has it"));
  bench.world.sockets_listable = true;
  bench.world.refuse_descriptor(0);
  expect(says("1 in use: the process that has it cannot be determined: "));
  bench.world.close(*bench.world.listeners.front());
  bench.world.connect(here, 5000, os::SocketKind::bound);
  expect(says(
      "1 in use: a process that cannot be seen from here (unknown user) has it bound without listening"));
  bench.world.drain(5000);
  expect(says("1 in use: no socket has it any more") || says("1 in use: it has no listener"));
}

void names_are_looked_up_for_some_seconds() {
  for (const bool hangs : {false, true}) {
    Bench bench;
    auto& name = bench.world.name("host.example", {here});
    name.hangs = hangs;
    name.delay = 1s;
    bench.options.host = "host.example";
    bool found = true;
    try {
      ports::find(bench.options, 1);
    } catch (const ports::NoAddress&) {
      found = false;
    }
    expect_equal(found, !hangs);
    expect_equal(bench.world.elapsed(), Duration(hangs ? 5s : 1s));
  }
}

void a_port_server_is_asked() {
  struct Case {
    std::optional<std::string> answer;
    bool ask;
    bool is_taken;
  };
  for (const auto& [answer, ask, is_taken] : {
           Case{"5555", true, true},
           Case{"5555", false, false},
           Case{"0", true, false},
           Case{"65536", true, false},
           Case{"5555 ", true, false},
           Case{"", true, false},
           Case{std::nullopt, true, false},
       }) {
    Bench bench;
    setenv("PORTSERVER_ADDRESS", "@portserver", 1);
    bench.world.port_server_answer = answer;
    bench.options.ask_port_server = ask;
    expect_equal(bench.find().front() == 5555, is_taken);
    unsetenv("PORTSERVER_ADDRESS");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(found_ports_are_distinct_and_the_systems_own),
      unit(the_range_and_what_is_excluded_are_kept),
      unit(the_only_hole_is_found),
      unit(a_crowded_range_has_no_port),
      unit(preferred_ports_come_first),
      unit(a_port_that_may_not_be_bound_is_reported),
      unit(a_port_is_free_on_all_that_is_asked_for),
      unit(a_host_of_another_machine_has_no_port),
      unit(a_machine_without_ipv6_has_ports),
      unit(a_machine_without_ipv6_has_no_port_for_ipv6),
      unit(a_port_in_use_is_explained_as_far_as_the_system_tells),
      unit(names_are_looked_up_for_some_seconds),
      unit(a_port_server_is_asked),
  };
  return run_scenarios("scenarios/finder", tests);
}
