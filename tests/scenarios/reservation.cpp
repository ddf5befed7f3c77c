// SPDX-License-Identifier: MIT
// Reserves and lists ports on a machine whose sockets the scenario sets.
#include <algorithm>
#include <set>
#include <system_error>

#include "fake_os/system/files.hpp"
#include "ports/reservation.hpp"
#include "ports/search.hpp"
#include "ports/sockets.hpp"
#include "scenarios/finder_bench.hpp"

using namespace portend;
using namespace portend::test;
using ports::Search;

namespace {

using Bench = FinderBench;

void udp_is_held_beside_tcp() {
  Bench bench;
  bench.options.udp = true;
  bench.options.range = Range{5000, 5000};
  Search search(bench.options, ports::Purpose::find, ports::search_deadline());
  const auto found = search.next();
  expect_equal(found.sockets.size(), std::size_t{2});
  const auto files = bench.world.files_of<fake::BoundFile>();
  expect_equal(std::ranges::count_if(files, [](const auto& file) { return file->local.has_value(); }), 2);
}

void a_reservation_keeps_its_port() {
  for (const std::string& host : {std::string(), here, std::string("localhost")}) {
    Bench bench;
    bench.options.host = host;
    bench.options.range = Range{5000, 5001};
    const auto reservation = bench.reserve();
    const auto other = bench.reserve();
    expect(reservation.port() != other.port());
    expect(bench.world.open_count() > 0);
    bool found = true;
    try {
      Search(bench.options, ports::Purpose::find, ports::search_deadline()).next();
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
  auto reservation = bench.reserve();
  reservation.listen(8);
  expect(reservation.listens());
  expect(reservation.park().has_value());
  expect_equal(bench.world.open_count(), std::size_t{0});
  auto server = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {});
  expect(os::bind(server, {os::loopback4, reservation.port()}) == os::Binding::in_use);
}

/// Refuses each descriptor that a search needs, once, and from then on.
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
          const auto reservation = bench.reserve();
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
      unit(udp_is_held_beside_tcp),
      unit(a_reservation_keeps_its_port),
      unit(a_parked_reservation_holds_no_descriptor),
      unit(a_descriptor_that_is_refused_leaves_nothing_open),
      unit(the_sockets_of_a_range_are_listed_in_order),
  };
  return run_scenarios("scenarios/reservation", tests);
}
