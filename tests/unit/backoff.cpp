// SPDX-License-Identifier: MIT
#include "wait/pace.hpp"

#include <functional>
#include <vector>

#include "support/unit.hpp"

using namespace portend;
using namespace std::chrono_literals;
using os::Duration;
using wait::Pace;
using wait::Settings;

namespace {

using Pause = std::function<Duration(const Pace&, Duration)>;

/// Those that the caller's interval bounds.
const std::vector<Pause>& bounded_pauses() {
  static const std::vector<Pause> pauses{
      [](const Pace& pace, Duration waited) { return pace.near_arrival(waited); },
      [](const Pace& pace, Duration) { return pace.near_departure(); },
      [](const Pace& pace, Duration waited) { return pace.far_refusal(waited); },
      [](const Pace& pace, Duration waited) { return pace.far_departure(waited); },
      [](const Pace& pace, Duration waited) { return pace.name_retry(waited); },
  };
  return pauses;
}

std::vector<Pause> all_pauses() {
  auto pauses = bounded_pauses();
  pauses.emplace_back([](const Pace& pace, Duration waited) { return pace.silence(waited); });
  pauses.emplace_back([](const Pace& pace, Duration waited) { return pace.disbelief(waited, 1); });
  pauses.emplace_back([](const Pace& pace, Duration waited) { return pace.disbelief(waited, 10000); });
  pauses.emplace_back([](const Pace&, Duration waited) { return Pace::name_refresh(waited); });
  return pauses;
}

/// From nothing to a year, each a tenth longer.
std::vector<Duration> waits() {
  std::vector<Duration> all{0us};
  for (Duration waited = 1us; waited < std::chrono::hours(24 * 365); waited += waited / 10 + 1us) {
    all.push_back(waited);
  }
  return all;
}

void no_pause_gets_shorter_while_one_waits() {
  const Settings settings;
  const Pace pace(settings);
  for (const auto& pause : all_pauses()) {
    Duration before{0};
    for (const auto waited : waits()) {
      const auto now = pause(pace, waited);
      expect(now >= before);
      before = now;
    }
  }
}

struct Bounds {
  Duration floor;
  Duration ceiling;
};

void expect_bounds(const Pause& pause, Bounds bounds) {
  const Settings settings;
  const Pace pace(settings);
  expect_equal(pause(pace, 0us), bounds.floor);
  expect_equal(pause(pace, std::chrono::hours(24 * 365)), bounds.ceiling);
  expect_equal(pause(pace, Duration::max()), bounds.ceiling);
  expect_equal(pause(pace, -1us), bounds.floor);  // a moment that was noted a little later
  for (const auto waited : waits()) {
    expect(pause(pace, waited) >= bounds.floor && pause(pace, waited) <= bounds.ceiling);
  }
}

void each_pause_has_a_floor_and_a_ceiling() {
  expect_bounds([](const Pace& pace, Duration waited) { return pace.near_arrival(waited); }, {200us, 50ms});
  expect_bounds([](const Pace& pace, Duration) { return pace.near_departure(); }, {250ms, 250ms});
  expect_bounds([](const Pace& pace, Duration waited) { return pace.far_refusal(waited); }, {5ms, 250ms});
  expect_bounds([](const Pace& pace, Duration waited) { return pace.far_departure(waited); }, {20ms, 1s});
  expect_bounds([](const Pace& pace, Duration waited) { return pace.silence(waited); }, {100ms, 250ms});
  expect_bounds([](const Pace& pace, Duration waited) { return pace.name_retry(waited); }, {50ms, 1s});
  expect_bounds([](const Pace&, Duration waited) { return Pace::name_refresh(waited); }, {1s, 10s});
  expect_bounds([](const Pace& pace, Duration waited) { return pace.disbelief(waited, 1); }, {20ms, 250ms});
}

void a_server_of_this_machine_is_seen_at_most_1_2_percent_late() {
  const Settings settings;
  const Pace pace(settings);
  for (const auto waited : waits()) {
    // In a short wait the square root is more than that, and little all the same.
    if (waited < 300ms) expect(pace.near_arrival(waited) <= 4ms);
    if (waited >= 300ms) expect(pace.near_arrival(waited) <= waited / 80);
    if (waited < 18s) expect(pace.near_arrival(waited) <= 9ms);
  }
}

Settings between(Duration shortest, Duration longest) {
  Settings settings;
  settings.shortest = shortest;
  settings.longest = longest;
  return settings;
}

void what_the_caller_sets_bounds_each_pause() {
  for (const Duration bound : {50us, 700us, 30000us, 3600000000us}) {
    const auto exact = between(bound, bound);
    const auto at_least = between(bound, 0us);
    const auto at_most = between(0us, bound);
    for (const auto& pause : bounded_pauses()) {
      for (const auto waited : waits()) {
        expect_equal(pause(Pace(exact), waited), bound);
        expect(pause(Pace(at_least), waited) >= bound);
        expect(pause(Pace(at_most), waited) <= bound);
      }
    }
  }
}

void attempts_that_are_silent_never_exceed_their_number() {
  for (const Duration limit : {1ms, 1000ms, 60000ms, 3600000ms}) {
    auto settings = between(50us, 50us);
    settings.attempt_limit = limit;
    const Pace pace(settings);
    for (const auto waited : waits()) {
      expect(pace.silence(waited) * static_cast<int>(wait::most_attempts_at_a_place) >=
             limit - Duration(wait::most_attempts_at_a_place));
    }
  }
}

void looks_that_disbelieve_take_2_percent_of_a_processor_at_most() {
  const Settings settings;
  const Pace pace(settings);
  for (const std::size_t places :
       {std::size_t{1}, std::size_t{100}, std::size_t{10000}, std::size_t{65535}}) {
    for (const auto waited : waits()) {
      const auto pause = pace.disbelief(waited, places);
      expect(pause >= 14us * 50 * static_cast<std::int64_t>(places));
      expect(pause >= 20ms);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(no_pause_gets_shorter_while_one_waits),
      unit(each_pause_has_a_floor_and_a_ceiling),
      unit(a_server_of_this_machine_is_seen_at_most_1_2_percent_late),
      unit(what_the_caller_sets_bounds_each_pause),
      unit(attempts_that_are_silent_never_exceed_their_number),
      unit(looks_that_disbelieve_take_2_percent_of_a_processor_at_most),
  };
  return cmocka_run_group_tests_name("wait/pace", tests, nullptr, nullptr);
}
