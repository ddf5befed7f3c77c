// SPDX-License-Identifier: MIT
// Finding, reserving and listing ports on a machine whose sockets are as the scenario says.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <system_error>

#include "fake_os/system/files.hpp"
#include "ports/reservation.hpp"
#include "ports/search.hpp"
#include "ports/sockets.hpp"
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;
using ports::BoundPort;
using ports::NoPort;
using ports::Range;
using ports::Search;
using ports::SearchOptions;

namespace {

struct Bench {
  Bench() { ++Scenario::count; }
  /// Takes all ports of a range but some.
  void crowd(Range range, const std::set<std::uint16_t>& holes) {
    for (std::uint32_t each = range.first; each <= range.last; ++each) {
      const auto taken = static_cast<std::uint16_t>(each);
      if (!holes.contains(taken)) world.listen("::", taken, {.dual_stack = true});
    }
  }
  std::vector<std::uint16_t> find(std::size_t count = 1) {
    const auto found = ports::find(options, count);
    expect_equal(world.open_count(), std::size_t{0});
    return found;
  }
  std::string refusal() {
    try {
      find();
    } catch (const NoPort& failure) {
      expect_equal(world.open_count(), std::size_t{0});
      return failure.what();
    }
    return "found";
  }

  fake::World world;
  LeakCheck leak_check{world};
  SearchOptions options;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

void found_ports_are_distinct_and_the_systems_own() {
  for (const std::size_t count : {1, 2, 10, 500}) {
    Bench bench;
    const auto found = bench.find(count);
    expect_equal(std::set(found.begin(), found.end()).size(), count);
    for (const auto each : found) expect(each >= 40000 && each <= 60000 && each != 40001 && each != 40002);
    // Servers keep to one parity, as long as there are ports of it.
    for (const auto each : found) expect_equal(each % 2, 1);
  }
}

void the_range_and_what_is_excluded_are_kept() {
  Bench bench;
  bench.options.range = Range{5000, 5009};
  bench.options.excluded = {5000, 5003, 5009};
  const auto found = bench.find(7);
  expect(std::set(found.begin(), found.end()) ==
         std::set<std::uint16_t>({5001, 5002, 5004, 5005, 5006, 5007, 5008}));
  try {
    bench.find(8);
    expect(false);
  } catch (const NoPort& failure) {
    expect(contains(failure.what(), "After 7, no further port from 5000 to 5009"));
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
    expect(contains(bench.refusal(), "200 in use"));
  }
}

void preferred_ports_come_first() {
  struct Case {
    std::vector<std::uint16_t> preferred;
    std::set<std::uint16_t> taken;
    bool only;
    std::uint16_t found;  // 0: none
  };
  for (const auto& [preferred, taken, only, found] : {
           Case{{8080, 8081}, {}, false, 8080},
           Case{{8080, 8081}, {8080}, false, 8081},
           Case{{8080, 8081}, {8080}, true, 8081},
           Case{{8080, 8081}, {8080, 8081}, true, 0},
           Case{{}, {}, true, 0},
       }) {
    Bench bench;
    bench.options.preferred = preferred;
    bench.options.only_preferred = only;
    for (const auto each : taken) bench.world.listen("0.0.0.0", each);
    if (found != 0) {
      expect_equal(bench.find().front(), found);
    } else {
      expect(bench.refusal() != "found");
    }
  }
}

void a_port_that_may_not_be_bound_is_told() {
  Bench bench;
  bench.options.preferred = {80};
  bench.options.only_preferred = true;
  bench.world.bindings[80] = os::Binding::forbidden;
  expect(contains(bench.refusal(), "1 not permitted"));
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
    expect_equal(bench.refusal() == "found", is_found);
  }
}

void udp_is_held_beside_tcp() {
  Bench bench;
  bench.options.udp = true;
  bench.options.range = Range{5000, 5000};
  Search search(bench.options);
  const auto found = search.next();
  expect_equal(found.sockets.size(), std::size_t{2});
  const auto files = bench.world.files_of<fake::BoundFile>();
  expect_equal(std::ranges::count_if(files, [](const auto& file) { return file->local.has_value(); }), 2);
}

void a_host_of_another_machine_has_no_port() {
  Bench bench;
  bench.options.host = far;
  expect(contains(bench.refusal(), "no address of this machine"));
}

void a_machine_without_ipv6_has_ports() {
  Bench bench;
  bench.world.lacks_ipv6 = true;
  for (const std::string& host : {std::string(), std::string("localhost")}) {
    bench.options.host = host;
    expect_equal(bench.find(3).size(), std::size_t{3});
  }
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

void a_reservation_keeps_its_port() {
  for (const std::string& host : {std::string(), here, std::string("localhost")}) {
    Bench bench;
    bench.options.host = host;
    bench.options.range = Range{5000, 5001};
    ports::Reservation reservation(bench.options);
    ports::Reservation other(bench.options);
    expect(reservation.port() != other.port());
    expect(bench.world.open_count() > 0);
    bool found = true;
    try {
      Search(bench.options).next();
    } catch (const NoPort&) {
      found = false;
    }
    expect(!found);
    // A server that sets SO_REUSEADDR can bind it.
    auto server = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {.reuse_address = true});
    expect(os::bind(server, {os::loopback4, reservation.port()}) == os::Binding::bound);
  }
}

void a_parked_reservation_holds_no_descriptor() {
  Bench bench;
  ports::Reservation reservation(bench.options);
  reservation.listen(8);
  expect(reservation.listens());
  expect(reservation.park().has_value());
  expect_equal(bench.world.open_count(), std::size_t{0});
  auto server = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {});
  expect(os::bind(server, {os::loopback4, reservation.port()}) == os::Binding::in_use);
}

/// Each descriptor that a search needs is refused once, and from some moment on.
void a_descriptor_that_is_refused_leaves_nothing_open() {
  using Lasting = fake::World::Lasting;
  for (const auto lasting : {Lasting::once, Lasting::forever}) {
    for (const std::string& host : {std::string(), std::string("localhost")}) {
      for (int refused = 0; refused < 30; ++refused) {
        Bench bench;
        bench.options.host = host;
        bench.options.udp = true;
        bench.options.range = Range{5000, 5099};
        bench.crowd(*bench.options.range, {5050, 5051, 5052});
        bench.world.refuse_descriptor(refused, lasting);
        try {
          const ports::Reservation reservation(bench.options);
          expect(reservation.port() >= 5050 && reservation.port() <= 5052);
        } catch (const std::system_error& failure) {
          expect_equal(failure.code().value(), EMFILE);
          bench.world.refuse_descriptor(-1);
        }
        bench.world.refuse_descriptor(-1);
        const auto found = bench.find(3);
        expect_equal(std::set(found.begin(), found.end()).size(), std::size_t{3});
      }
    }
  }
}

void the_sockets_of_a_range_are_listed_in_order() {
  Bench bench;
  bench.world.listen("0.0.0.0", 90);
  bench.world.listen("0.0.0.0", 80);
  bench.world.connect(here, 80, os::SocketKind::connected);
  bench.world.connect(here, 80, os::SocketKind::time_wait);
  bench.world.listen("0.0.0.0", 100);
  os::SocketFilter filter{.first_port = 80, .last_port = 90, .listening = true};
  const auto listed = ports::SocketSnapshot::take(filter);
  expect_equal(listed->sockets().size(), std::size_t{2});
  expect_equal(listed->sockets()[0].entry.local.port, 80);
  expect_equal(listed->sockets()[1].entry.local.port, 90);
  filter.connected = filter.time_wait = true;
  expect_equal(ports::SocketSnapshot::take(filter)->sockets().size(), std::size_t{4});
  bench.world.sockets_listable = false;
  expect(!ports::SocketSnapshot::take(filter));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(found_ports_are_distinct_and_the_systems_own),
      unit(the_range_and_what_is_excluded_are_kept),
      unit(the_only_hole_is_found),
      unit(a_crowded_range_has_no_port),
      unit(preferred_ports_come_first),
      unit(a_port_that_may_not_be_bound_is_told),
      unit(a_port_is_free_on_all_that_is_asked_for),
      unit(udp_is_held_beside_tcp),
      unit(a_host_of_another_machine_has_no_port),
      unit(a_machine_without_ipv6_has_ports),
      unit(names_are_looked_up_for_some_seconds),
      unit(a_port_server_is_asked),
      unit(a_reservation_keeps_its_port),
      unit(a_parked_reservation_holds_no_descriptor),
      unit(a_descriptor_that_is_refused_leaves_nothing_open),
      unit(the_sockets_of_a_range_are_listed_in_order),
  };
  return run_scenarios("scenarios/finder", tests);
}
