// SPDX-License-Identifier: MIT
// Machines that answer late, or never.
#include <algorithm>

#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

std::string host_of(int number) {
  return "10.5." + std::to_string(number / 250) + "." + std::to_string(number % 250);
}

int take_long(void* world) {
  static_cast<fake::World*>(world)->jump(20ms);
  return 0;
}

/// A busy machine causes the same.
void a_single_probe_that_begins_late_has_its_whole_limit() {
  for (const auto behavior : {Behavior::silence, Behavior::refuse}) {
    Scenario scenario(Goal::free);
    scenario.waiter.settings().attempt_limit = 10ms;
    scenario.waiter.set_interrupt({.hook = take_long, .context = &scenario.world});
    auto& server = scenario.world.server(far, port);
    server.behavior = behavior;
    server.round_trip = 9ms;
    const auto reason = behavior == Behavior::silence ? Reason::silent : Reason::refused;
    scenario.expect_end_within(Outcome::reached, reason, 29ms, 30ms, 0ms);
  }
}

void an_answer_that_was_not_heard_in_time_is_no_silence() {
  struct Case {
    Behavior behavior;
    State state;
    Reason reason;
  };
  for (const auto& [behavior, state, reason] : {
           Case{Behavior::accept, State::occupied, Reason::accepted},
           Case{Behavior::refuse, State::free, Reason::refused},
           Case{Behavior::silence, State::free, Reason::silent},
       }) {
    Scenario scenario(Goal::watch);
    scenario.waiter.settings().attempt_limit = 60ms;
    auto& server = scenario.world.server(far, port);
    server.behavior = behavior;
    server.round_trip = 10ms;
    expect_equal(scenario.waiter.run_until_event(scenario.world.now()), Outcome::pending);
    expect(!scenario.waiter.take_event());
    scenario.world.jump(100ms);
    // The caller's loop calls again.
    expect_equal(scenario.waiter.run_until_event(scenario.world.now() + 1ms), Outcome::pending);
    const auto event = scenario.waiter.take_event();
    expect(event && event->state == state && event->reason == reason);
  }
}

void attempts_overlap_if_nothing_answers() {
  Scenario scenario(Goal::occupied);
  auto& server = scenario.world.server(far, port);
  server.behavior = Behavior::silence;
  scenario.expect_end(Outcome::timed_out, Reason::none, 650ms, 650ms);
  std::vector<Duration> expected;
  for (Duration when = 0ms; when < 650ms; when += 100ms) expected.push_back(when);
  expect(server.contacts.attempts == expected);
}

void a_silent_server_gets_a_bounded_number_of_attempts() {
  for (const Duration length : {3300ms, 60000ms}) {
    Scenario scenario(Goal::occupied);
    auto& server = scenario.world.server(far, port);
    server.behavior = Behavior::silence;
    expect_equal(scenario.run(length), Outcome::timed_out);
    const auto attempts = server.contacts.attempts.size();
    const auto tenths = static_cast<std::size_t>(length / 100ms);
    expect(attempts > tenths / 3 && attempts <= tenths + 1);
  }
}

void a_probe_of_more_than_can_be_tried_at_a_time_tries_each_once() {
  Scenario scenario;
  scenario.world.descriptor_limit = 4096;
  scenario.waiter.settings().attempt_limit = 300ms;
  constexpr int targets = 1500;
  for (int i = 0; i < targets; ++i) {
    scenario.want(Goal::free, host_of(i));
    scenario.world.server(host_of(i), port).behavior = Behavior::silence;
  }
  expect_equal(scenario.run(0ms), Outcome::reached);
  expect_equal(scenario.elapsed(), 3 * Duration(300ms));  // at most 512 at a time
  for (const auto& target : scenario.waiter.table().targets()) {
    expect_equal(target.reason, Reason::silent);
    expect_equal(target.probes, std::uint64_t{1});
  }
}

void one_that_opens_is_seen_among_two_thousand_that_do_not() {
  Scenario scenario;
  constexpr int targets = 2001;
  for (int i = 0; i < targets; ++i) {
    scenario.want(Goal::occupied, host_of(i));
    scenario.world.server(host_of(i), port).behavior = Behavior::silence;
  }
  auto& opening = scenario.world.server(host_of(targets - 1), port);
  scenario.world.at(1500ms, [&] { opening.behavior = Behavior::accept; });
  expect_equal(scenario.run(60s, Mode::any), Outcome::reached);
  // One round takes four seconds: one second for each 512 attempts.
  expect(scenario.elapsed() <= 1500ms + 5s);
  expect_equal(scenario.target(targets - 1).state, State::occupied);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_single_probe_that_begins_late_has_its_whole_limit),
      unit(an_answer_that_was_not_heard_in_time_is_no_silence),
      unit(attempts_overlap_if_nothing_answers),
      unit(a_silent_server_gets_a_bounded_number_of_attempts),
      unit(a_probe_of_more_than_can_be_tried_at_a_time_tries_each_once),
      unit(one_that_opens_is_seen_among_two_thousand_that_do_not),
  };
  return run_scenarios("scenarios/silence", tests);
}
