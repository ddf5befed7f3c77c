// SPDX-License-Identifier: MIT
// Many waits in one event loop.
#include <algorithm>
#include <memory>

#include "fake_os/system/files.hpp"
#include "scenarios/scenario.hpp"
#include "wait/group.hpp"

using namespace portend;
using namespace portend::test;
using wait::Group;
using wait::Waiter;
using News = wait::Group::News;

namespace {

/// A world with a group. Waits are identified by their ids, from 0.
struct Bench {
  Bench() { ++Scenario::count; }

  Waiter& start(Goal goal, const std::string& host, Duration timeout = forever,
                std::uint16_t at_port = port) {
    auto& waiter = *waiters.emplace_back(std::make_unique<Waiter>());
    waiter.add(host, at_port, goal);
    launch(waiters.size() - 1, timeout);
    return waiter;
  }
  void launch(std::size_t id, Duration timeout = forever) {
    const auto ms = timeout == forever ? -1 : timeout / 1ms;
    waiters[id]->start_in(group, Mode::all, ms, static_cast<std::int64_t>(id));
  }
  Group::Next next(Duration timeout = forever) {
    return group->next(timeout == forever ? os::never : world.now() + timeout, interrupt);
  }
  /// Returns the id of the next wait that ends, and checks its outcome and time.
  std::int64_t expect_next(Outcome outcome, Duration when) {
    const auto [news, id] = next(60s);
    expect_equal(news, News::wait);
    expect_equal(world.elapsed(), when);
    expect_equal(waiters.at(static_cast<std::size_t>(id))->process(), outcome);
    return id;
  }

  fake::World world;
  LeakCheck leak_check{world};
  wait::Interrupt interrupt{};
  std::vector<std::unique_ptr<Waiter>> waiters;
  std::shared_ptr<Group> group = std::make_shared<Group>();
};

void waits_end_in_their_order() {
  Bench bench;
  for (const Duration trip : {300ms, 100ms, 200ms}) {
    const auto host = "10.0.1." + std::to_string(trip / 1ms % 250);
    bench.world.server(host, port).round_trip = trip;
    bench.start(Goal::occupied, host);
  }
  expect_equal(bench.expect_next(Outcome::reached, 100ms), 1);
  expect_equal(bench.expect_next(Outcome::reached, 200ms), 2);
  expect_equal(bench.expect_next(Outcome::reached, 300ms), 0);
  expect_equal(bench.next(1s).news, News::none);
  expect_equal(bench.world.elapsed(), Duration(1300ms));
}

void each_wait_has_its_own_deadline() {
  Bench bench;
  bench.world.server(far, port).behavior = Behavior::silence;
  for (const Duration timeout : {50ms, 20ms, 999ms}) bench.start(Goal::occupied, far, timeout);
  expect_equal(bench.expect_next(Outcome::timed_out, 20ms), 1);
  expect_equal(bench.expect_next(Outcome::timed_out, 50ms), 0);
  expect_equal(bench.expect_next(Outcome::timed_out, 999ms), 2);
}

void each_kind_of_end_is_reported() {
  Bench bench;
  bench.world.forget_name("no.such.name", os::Resolution::Verdict::no_such_name);
  bench.start(Goal::occupied, "no.such.name");
  expect_equal(bench.expect_next(Outcome::unresolved, 0ms), 0);
  bench.world.server(far, port).behavior = Behavior::no_buffers;
  bench.start(Goal::occupied, far);
  expect_equal(bench.next(1s).id, 1);
  bool thrown = false;
  try {
    bench.waiters[1]->process();
  } catch (const std::system_error& failure) {
    thrown = failure.code().value() == ENOBUFS;
  }
  expect(thrown);
  bench.start(Goal::drained, far2);
  expect_equal(bench.expect_next(Outcome::unsupported, 0ms), 2);
}

void what_the_system_refuses_ends_that_wait_alone() {
  Bench bench;
  bench.world.server(far, port).behavior = Behavior::no_ports;
  bench.world.server(far2, port).round_trip = 100ms;
  bench.start(Goal::occupied, far);
  bench.start(Goal::occupied, far2);
  expect_equal(bench.next(1s).id, 0);
  bench.waiters[0]->end();
  expect_equal(bench.expect_next(Outcome::reached, 100ms), 1);
}

void one_reading_of_the_table_serves_all() {
  Bench bench;
  constexpr int many = 100;
  for (int i = 0; i < many; ++i) {
    bench.start(Goal::occupied, here, forever, static_cast<std::uint16_t>(1000 + i));
  }
  expect_equal(bench.next(10ms).news, News::none);
  const int before = bench.world.table_reads;
  expect_equal(bench.next(100ms).news, News::none);
  // The listeners are listed once for all addresses.
  expect(bench.world.table_reads - before < many * 3);
  expect(bench.world.open_count() <= 6);
}

void a_wait_is_canceled_alone() {
  Bench bench;
  bench.world.server(far, port).behavior = Behavior::silence;
  bench.start(Goal::occupied, far, 500ms);
  bench.start(Goal::occupied, far);
  bench.world.at(100ms, [&] { bench.waiters[1]->cancel(); });
  expect_equal(bench.expect_next(Outcome::canceled, 100ms), 1);
  expect_equal(bench.expect_next(Outcome::timed_out, 500ms), 0);
}

void a_group_is_canceled() {
  Bench bench;
  bench.world.server(far, port).behavior = Behavior::silence;
  bench.start(Goal::occupied, far);
  bench.world.at(100ms, [&] { bench.group->cancel(); });
  expect_equal(bench.next().news, News::canceled);
  expect_equal(bench.world.elapsed(), Duration(100ms));
  bench.group->close();
  expect_equal(bench.waiters[0]->process(), Outcome::canceled);
}

void the_hook_interrupts_next() {
  Bench bench;
  bench.world.server(far, port).round_trip = 200ms;
  bench.start(Goal::occupied, far);
  bench.interrupt.hook = [](void* context) {
    return static_cast<Bench*>(context)->world.elapsed() >= 100ms ? 1 : 0;
  };
  bench.interrupt.context = &bench;
  expect_equal(bench.next().news, News::interrupted);
  bench.interrupt = {};
  expect_equal(bench.expect_next(Outcome::reached, 200ms), 0);
}

void waits_come_and_go_while_others_run() {
  for (int removed = 0; removed < 5; ++removed) {
    Bench bench;
    for (int i = 0; i < 5; ++i) {
      const auto host = "10.0.2." + std::to_string(i);
      bench.world.server(host, port).round_trip = 100ms + i * 10ms;
      bench.start(Goal::occupied, host);
    }
    expect_equal(bench.next(50ms).news, News::none);
    bench.waiters[static_cast<std::size_t>(removed)]->end();
    bench.world.listen(here, port);
    bench.start(Goal::occupied, here);
    expect_equal(bench.expect_next(Outcome::reached, 50ms), 5);
    for (int i = 0; i < 5; ++i) {
      if (i != removed) expect_equal(bench.expect_next(Outcome::reached, 100ms + i * 10ms), i);
    }
  }
}

void a_wait_is_started_again_in_the_same_group() {
  Bench bench;
  auto& server = bench.world.server(far, port);
  server.round_trip = 10ms;
  bench.start(Goal::occupied, far);
  for (int i = 1; i <= 5; ++i) {
    expect_equal(bench.expect_next(Outcome::reached, i * 10ms), 0);
    bench.launch(0);
  }
}

void a_waiter_that_is_destroyed_leaves_its_group() {
  Bench bench;
  bench.world.server(far, port).behavior = Behavior::silence;
  bench.start(Goal::occupied, far, 50ms);
  bench.start(Goal::occupied, far, 80ms);
  expect_equal(bench.next(60ms).id, 0);
  bench.waiters[0].reset();
  expect_equal(bench.expect_next(Outcome::timed_out, 80ms), 1);
}

void a_listener_that_closes_ends_all_waits_for_it() {
  Bench bench;
  auto& listener = bench.world.listen(here, port);
  for (int i = 0; i < 10; ++i) bench.start(Goal::free, here);
  bench.world.at(100ms, [&] { bench.world.close(listener); });
  for (int i = 0; i < 10; ++i) bench.expect_next(Outcome::reached, 100ms);
  expect(listener.server.contacts.attempts.empty());
}

void one_descriptor_serves_a_foreign_loop() {
  Bench bench;
  bench.world.server(far, port).round_trip = 100ms;
  bench.start(Goal::occupied, far);
  bench.start(Goal::occupied, far2, 300ms);
  const int descriptor = bench.group->descriptor();
  std::vector<std::int64_t> ended;
  while (ended.size() < 2) {
    const auto epoll = bench.world.file_as<fake::EpollFile>(descriptor);
    bench.world.sleep([&] { return epoll->readable(); }, epoll->armed);
    const auto [news, id] = bench.next(0ms);
    if (news == News::wait) ended.push_back(id);
    if (news == News::wait) bench.waiters[static_cast<std::size_t>(id)]->process();
    expect_equal(bench.group->descriptor(), descriptor);
  }
  expect_equal(ended[0], 0);
  expect_equal(bench.world.elapsed(), Duration(300ms));
}

void a_descriptor_that_is_refused_ends_no_other_wait() {
  for (int refused = 0; refused < 12; ++refused) {
    Bench bench;
    bench.world.server(far, port).round_trip = 50ms;
    bench.world.server(far2, port).round_trip = 60ms;
    bench.start(Goal::occupied, far);
    bench.start(Goal::occupied, far2);
    bench.world.refuse_descriptor(refused);
    int reached = 0;
    int refusals = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        const auto [news, id] = bench.next(5s);
        expect_equal(news, News::wait);
        reached += bench.waiters[static_cast<std::size_t>(id)]->process() == Outcome::reached;
      } catch (const std::system_error& failure) {
        expect_equal(failure.code().value(), EMFILE);
        ++refusals;
      }
    }
    expect(refusals <= 1 && reached >= 1);
  }
}

/// How late the waits of `bench` end whose deadlines are spread evenly from `first` on.
Duration latest_of(Bench& bench, Duration first, Duration step) {
  std::vector<os::Instant> deadlines;
  for (std::size_t i = 0; i < bench.waiters.size(); ++i) {
    const auto timeout = first + step * static_cast<std::int64_t>(i);
    deadlines.push_back(bench.world.now() + timeout);
    bench.launch(i, timeout);
  }
  Duration latest{0};
  for (std::size_t i = 0; i < deadlines.size(); ++i) {
    const auto id = static_cast<std::size_t>(bench.next(60s).id);
    latest = std::max(latest, bench.world.now() - deadlines.at(id));
    expect_equal(bench.waiters.at(id)->process(), Outcome::timed_out);
  }
  return latest;
}

/// All of them verify the absence of their listeners by connecting, at the start and then again.
void verifying_thousands_of_ports_delays_no_deadline() {
  Bench bench;
  bench.world.cost_of_connect = 20us;
  for (int i = 0; i < 2000; ++i) {
    bench.waiters.push_back(std::make_unique<Waiter>());
    bench.waiters.back()->add(here, static_cast<std::uint16_t>(1000 + i), Goal::occupied);
  }
  // The first attempts take 40 ms, and the next ones are due after 1.4 s.
  expect(latest_of(bench, 1s, 1ms) < 2ms);
}

/// At each deadline only one target is scanned for, which says nothing about the cost of a scan for all.
void deadlines_do_not_make_scans_more_frequent() {
  Bench bench;
  for (int i = 0; i < 200; ++i) {
    bench.waiters.push_back(std::make_unique<Waiter>());
    bench.waiters.back()->add(here, static_cast<std::uint16_t>(1000 + i), Goal::occupied);
  }
  bench.world.cost_of_listing = 4ms;
  latest_of(bench, 1s, 10ms);
  expect(bench.world.listings <= 3000 / 80 + 5);
}

/// The ends of waits are told before a scan that is also due, for example after the program was busy.
void a_long_scan_comes_after_the_ends_of_waits() {
  Bench bench;
  bench.world.cost_of_listing = 4ms;
  constexpr int ending = 20;
  for (int i = 0; i < 200; ++i) {
    bench.start(Goal::occupied, here, i < ending ? 1s : 10s, static_cast<std::uint16_t>(1000 + i));
  }
  bench.group->descriptor();
  expect_equal(bench.next(900ms).news, News::none);
  bench.world.sleep([] { return false; }, bench.world.now() + 300ms);
  const auto busy_until = bench.world.elapsed();
  for (int i = 0; i < ending; ++i) expect_equal(bench.next(0ms).news, News::wait);
  expect_equal(bench.world.elapsed(), busy_until);
  expect_equal(bench.next(0ms).news, News::none);
  expect_equal(bench.world.elapsed(), busy_until + 4ms);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(waits_end_in_their_order),
      unit(each_wait_has_its_own_deadline),
      unit(each_kind_of_end_is_reported),
      unit(what_the_system_refuses_ends_that_wait_alone),
      unit(one_reading_of_the_table_serves_all),
      unit(a_wait_is_canceled_alone),
      unit(a_group_is_canceled),
      unit(the_hook_interrupts_next),
      unit(waits_come_and_go_while_others_run),
      unit(a_wait_is_started_again_in_the_same_group),
      unit(a_waiter_that_is_destroyed_leaves_its_group),
      unit(a_listener_that_closes_ends_all_waits_for_it),
      unit(verifying_thousands_of_ports_delays_no_deadline),
      unit(deadlines_do_not_make_scans_more_frequent),
      unit(a_long_scan_comes_after_the_ends_of_waits),
      unit(one_descriptor_serves_a_foreign_loop),
      unit(a_descriptor_that_is_refused_ends_no_other_wait),
  };
  return run_scenarios("scenarios/group", tests);
}
