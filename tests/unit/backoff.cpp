// SPDX-License-Identifier: MIT
#include "wait/backoff.hpp"

#include <functional>
#include <vector>

#include "support/unit.hpp"

using namespace portend;
using namespace std::chrono_literals;
using os::Duration;
using wait::Backoff;
using wait::Settings;

namespace {

using Interval = std::function<Duration(const Backoff&, Duration)>;

/// The intervals that the caller's interval bounds.
const std::vector<Interval>& bounded_intervals() {
  static const std::vector<Interval> intervals{
      [](const Backoff& backoff, Duration waited) { return backoff.local_poll(waited); },
      [](const Backoff& backoff, Duration waited) { return backoff.local_connect_poll(waited, 1); },
      [](const Backoff& backoff, Duration waited) { return backoff.local_connect_poll(waited, 10000); },
      [](const Backoff& backoff, Duration) { return backoff.local_departure_poll(); },
      [](const Backoff& backoff, Duration waited) { return backoff.remote_refused(waited); },
      [](const Backoff& backoff, Duration waited) { return backoff.usage_poll(waited); },
      [](const Backoff& backoff, Duration waited) { return backoff.unstable_retry(waited); },
      [](const Backoff& backoff, Duration waited) { return backoff.name_retry(waited); },
  };
  return intervals;
}

std::vector<Interval> all_intervals() {
  auto intervals = bounded_intervals();
  intervals.emplace_back(
      [](const Backoff& backoff, Duration waited) { return backoff.remote_occupied(waited); });
  intervals.emplace_back(
      [](const Backoff& backoff, Duration waited) { return backoff.parallel_attempt(waited); });
  intervals.emplace_back(
      [](const Backoff& backoff, Duration waited) { return backoff.closed_recheck(waited, 1, 0.9); });
  intervals.emplace_back(
      [](const Backoff& backoff, Duration waited) { return backoff.closed_recheck(waited, 10000, 0.9); });
  intervals.emplace_back([](const Backoff&, Duration waited) { return Backoff::name_refresh(waited); });
  return intervals;
}

/// From 0 to a year, each a tenth longer than the one before.
std::vector<Duration> waits() {
  std::vector<Duration> all{0us};
  for (Duration waited = 1us; waited < std::chrono::hours(24 * 365); waited += waited / 10 + 1us) {
    all.push_back(waited);
  }
  return all;
}

void no_interval_gets_shorter_during_the_wait() {
  const Settings settings;
  const Backoff backoff(settings);
  for (const auto& interval : all_intervals()) {
    Duration before{0};
    for (const auto waited : waits()) {
      const auto now = interval(backoff, waited);
      expect(now >= before);
      before = now;
    }
  }
}

struct Bounds {
  Duration floor;
  Duration ceiling;
};

void expect_bounds(const Interval& interval, Bounds bounds) {
  const Settings settings;
  const Backoff backoff(settings);
  expect_equal(interval(backoff, 0us), bounds.floor);
  expect_equal(interval(backoff, std::chrono::hours(24 * 365)), bounds.ceiling);
  expect_equal(interval(backoff, Duration::max()), bounds.ceiling);
  expect_equal(interval(backoff, -1us), bounds.floor);  // a start that lies slightly in the future
  for (const auto waited : waits()) {
    expect(interval(backoff, waited) >= bounds.floor && interval(backoff, waited) <= bounds.ceiling);
  }
}

void each_interval_has_a_floor_and_a_ceiling() {
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.local_poll(waited); },
                {200us, 50ms});
  expect_bounds([](const Backoff& backoff, Duration) { return backoff.local_departure_poll(); },
                {250ms, 250ms});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.remote_refused(waited); },
                {5ms, 250ms});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.remote_occupied(waited); },
                {50ms, 1s});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.usage_poll(waited); },
                {5ms, 250ms});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.unstable_retry(waited); },
                {50ms, 1s});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.parallel_attempt(waited); },
                {100ms, 250ms});
  expect_bounds([](const Backoff& backoff, Duration waited) { return backoff.name_retry(waited); },
                {50ms, 1s});
  expect_bounds([](const Backoff&, Duration waited) { return Backoff::name_refresh(waited); }, {1s, 10s});
  expect_bounds(
      [](const Backoff& backoff, Duration waited) { return backoff.closed_recheck(waited, 1, 0.9); },
      {20ms, 250ms});
}

void a_server_of_this_machine_is_seen_at_most_1_2_percent_late() {
  const Settings settings;
  const Backoff backoff(settings);
  for (const auto waited : waits()) {
    // For short waits the square root is larger than that, but still small.
    if (waited < 300ms) expect(backoff.local_poll(waited) <= 4ms);
    if (waited >= 300ms) expect(backoff.local_poll(waited) <= waited / 80);
    if (waited < 18s) expect(backoff.local_poll(waited) <= 9ms);
  }
}

void a_remote_server_gets_20_connections_in_3_seconds_and_then_one_a_second() {
  Settings settings;
  settings.shortest = 50us;
  settings.longest = 50us;
  for (const auto& each : {Settings(), settings}) {
    const Backoff backoff(each);
    int connections = 0;
    Duration waited{0};
    for (; waited < 3s; waited += backoff.remote_occupied(waited)) ++connections;
    expect(connections <= 20);
    for (int i = 0; i < 100; ++i, waited += 1s) expect(backoff.remote_occupied(waited) >= 1s);
  }
}

Settings between(Duration shortest, Duration longest) {
  Settings settings;
  settings.shortest = shortest;
  settings.longest = longest;
  return settings;
}

void the_bounds_of_the_caller_apply_to_each_interval() {
  for (const Duration bound : {50us, 700us, 30000us, 3600000000us}) {
    const auto exact = between(bound, bound);
    const auto at_least = between(bound, 0us);
    const auto at_most = between(0us, bound);
    for (const auto& interval : bounded_intervals()) {
      for (const auto waited : waits()) {
        expect_equal(interval(Backoff(exact), waited), bound);
        expect(interval(Backoff(at_least), waited) >= bound);
        expect(interval(Backoff(at_most), waited) <= bound);
      }
    }
  }
}

void attempts_that_are_silent_never_exceed_their_number() {
  for (const Duration limit : {1ms, 1000ms, 60000ms, 3600000ms}) {
    auto settings = between(50us, 50us);
    settings.attempt_limit = limit;
    const Backoff backoff(settings);
    for (const auto waited : waits()) {
      expect(backoff.parallel_attempt(waited) * static_cast<int>(wait::most_parallel_attempts) >=
             limit - Duration(wait::most_parallel_attempts));
    }
  }
}

void rechecks_take_2_percent_of_a_processor_at_most() {
  const Settings settings;
  const Backoff backoff(settings);
  for (const std::size_t candidates :
       {std::size_t{1}, std::size_t{100}, std::size_t{10000}, std::size_t{65535}}) {
    for (const auto waited : waits()) {
      const auto interval = backoff.closed_recheck(waited, candidates, 0);
      expect(interval >= 14us * 50 * static_cast<std::int64_t>(candidates));
      expect(interval >= 20ms);
      expect(backoff.closed_recheck(waited, candidates, 0.99) >= interval);
    }
  }
}

void polls_by_connecting_take_a_quarter_of_a_processor_at_most() {
  const Settings settings;
  const Backoff backoff(settings);
  for (const auto waited : waits()) {
    expect_equal(backoff.local_connect_poll(waited, 1), backoff.local_poll(waited));
    expect(backoff.local_connect_poll(waited, 5000) >= 14us * 4 * 5000);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(no_interval_gets_shorter_during_the_wait),
      unit(each_interval_has_a_floor_and_a_ceiling),
      unit(a_server_of_this_machine_is_seen_at_most_1_2_percent_late),
      unit(a_remote_server_gets_20_connections_in_3_seconds_and_then_one_a_second),
      unit(the_bounds_of_the_caller_apply_to_each_interval),
      unit(attempts_that_are_silent_never_exceed_their_number),
      unit(rechecks_take_2_percent_of_a_processor_at_most),
      unit(polls_by_connecting_take_a_quarter_of_a_processor_at_most),
  };
  return cmocka_run_group_tests_name("wait/backoff", tests, nullptr, nullptr);
}
