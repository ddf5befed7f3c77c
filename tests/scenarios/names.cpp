// SPDX-License-Identifier: MIT
// Names that are looked up: contract, section 3.1 and 3.8.
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;
using Found = os::Resolution::Verdict;

namespace {

constexpr const char* host = "db.example";

void a_name_takes_its_time() {
  for (const Duration delay : {0ms, 1ms, 300ms, 5000ms, 60000ms}) {
    Scenario scenario(Goal::occupied, host);
    scenario.world.name(host, {far}).delay = delay;
    scenario.world.server(far, port).round_trip = 10ms;
    scenario.expect_end(Outcome::reached, Reason::accepted, delay + 10ms, 70s);
    expect_equal(scenario.world.names[host].asked, delay > 70s ? 2 : 1);
  }
}

void the_deadline_covers_the_lookup() {
  for (const Duration timeout : {1ms, 20ms, 999ms, 1001ms, 5000ms}) {
    for (const bool hangs : {false, true}) {
      Scenario scenario(Goal::occupied, host);
      auto& name = scenario.world.name(host, {far});
      name.delay = 10s;
      name.hangs = hangs;
      scenario.world.server(far, port);
      scenario.expect_end(Outcome::timed_out, Reason::none, timeout, timeout);
    }
  }
}

void a_name_that_does_not_exist_fails_at_once() {
  for (const auto goal : {Goal::occupied, Goal::free}) {
    for (const auto verdict : {Found::no_such_name, Found::failed}) {
      Scenario scenario(goal, host);
      scenario.world.forget_name(host, verdict);
      scenario.world.names[host].delay = 20ms;
      scenario.expect_end(Outcome::unresolved, Reason::unresolved, 20ms, 10s);
      expect_equal(scenario.world.names[host].asked, 1);
      expect_equal(scenario.waiter.table().resolver_error(0), std::string("the resolver said so"));
    }
  }
}

void what_may_pass_is_retried_until_the_deadline() {
  struct Case {
    Found verdict;
    bool retry_names;
    bool is_retried;
  };
  for (const auto& [verdict, retry_names, is_retried] : {
           Case{Found::try_again, false, true},
           Case{Found::try_again, true, true},
           Case{Found::no_such_name, true, true},
           Case{Found::no_such_name, false, false},
           Case{Found::failed, true, false},
           Case{Found::failed, false, false},
       }) {
    Scenario scenario(Goal::occupied, host);
    scenario.waiter.settings().retry_names = retry_names;
    scenario.world.forget_name(host, verdict);
    expect_equal(scenario.run(10s), is_retried ? Outcome::timed_out : Outcome::unresolved);
    expect_equal(scenario.world.names[host].asked > 5, is_retried);
    expect_equal(scenario.elapsed(), is_retried ? Duration(10s) : 0s);
  }
}

void a_name_that_appears_is_noticed() {
  for (const Duration when : {10ms, 900ms, 5000ms, 40000ms}) {
    for (const auto verdict : {Found::try_again, Found::no_such_name}) {
      Scenario scenario(Goal::occupied, host);
      scenario.waiter.settings().retry_names = true;
      scenario.world.forget_name(host, verdict);
      scenario.world.server(far, port);
      scenario.world.at(when, [&] { scenario.world.name(host, {far}); });
      scenario.expect_end_within(Outcome::reached, Reason::accepted, when, when + 1050ms);
    }
  }
}

void a_name_that_has_vanished_is_free() {
  for (const Duration when : {500ms, 5000ms, 30000ms}) {
    Scenario scenario(Goal::free, host);
    scenario.world.name(host, {far});
    scenario.world.server(far, port);
    scenario.world.at(when, [&] { scenario.world.forget_name(host, Found::no_such_name); });
    scenario.expect_end_within(Outcome::reached, Reason::unresolved, when, when + 10s + when / 2);
  }
}

void a_resolver_that_fails_takes_no_server_down() {
  for (const auto verdict : {Found::try_again, Found::failed}) {
    Scenario scenario(Goal::free, host);
    scenario.world.name(host, {far});
    scenario.world.server(far, port);
    scenario.world.at(500ms, [&] { scenario.world.forget_name(host, verdict); });
    expect_equal(scenario.run(30s), Outcome::timed_out);
    expect_equal(scenario.target().state, State::occupied);
  }
}

void a_name_that_moves_is_followed() {
  for (const Duration when : {100ms, 2000ms, 20000ms}) {
    Scenario scenario(Goal::occupied, host);
    scenario.world.name(host, {far});
    scenario.world.server(far, port).behavior = Behavior::refuse;
    scenario.world.server(far2, port);
    scenario.world.at(when, [&] { scenario.world.name(host, {far2}); });
    scenario.expect_end_within(Outcome::reached, Reason::accepted, when, when + 11s);
    expect(scenario.target().decided_by == fake::endpoint(far2, port).ip);
  }
}

void a_name_that_moves_away_from_a_listener_is_free() {
  Scenario scenario(Goal::free, host);
  scenario.world.name(host, {here});
  scenario.world.listen(here, port);
  scenario.world.server(far, port).behavior = Behavior::refuse;
  scenario.world.at(3s, [&] { scenario.world.name(host, {far}); });
  scenario.expect_end_within(Outcome::reached, Reason::refused, 3s, 8s);
}

void numeric_hosts_and_localhost_are_never_looked_up() {
  for (const std::string text :
       {"127.0.0.1", "::1", "localhost", "LOCALHOST", "a.localhost", "0.0.0.0", "*"}) {
    Scenario scenario(Goal::occupied, text);
    scenario.world.has_threads = false;
    scenario.world.listen("0.0.0.0", port);
    scenario.world.listen("::", port);
    scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
  }
}

void a_single_probe_bounds_the_lookup_by_the_attempt_limit() {
  for (const Duration limit : {10ms, 1000ms, 3000ms}) {
    for (const bool hangs : {true, false}) {
      Scenario scenario(Goal::occupied, host);
      scenario.waiter.settings().attempt_limit = limit;
      auto& name = scenario.world.name(host, {far});
      name.hangs = hangs;
      name.delay = 2000ms;
      scenario.world.server(far, port);
      const bool answers = !hangs && limit > name.delay;
      expect_equal(scenario.run(0ms), answers ? Outcome::reached : Outcome::timed_out);
      expect_equal(scenario.elapsed(), std::min(limit, answers ? name.delay : limit));
      expect_equal(scenario.target().reason, answers ? Reason::accepted : Reason::unresolved);
    }
  }
}

void names_that_hang_leave_room_for_others() {
  Scenario scenario;
  for (int i = 0; i < 20; ++i) {
    const auto name = "hangs" + std::to_string(i);
    scenario.want(Goal::occupied, name);
    scenario.world.name(name, {far}).hangs = true;
  }
  scenario.want(Goal::occupied, host);
  scenario.world.name(host, {far});
  scenario.world.server(far, port);
  expect_equal(scenario.run(10s, Mode::any), Outcome::reached);
  expect_equal(scenario.elapsed(), Duration(0));
}

void more_names_than_lookups_wait_for_their_turn() {
  Scenario scenario;
  for (int i = 0; i < 100; ++i) {
    const auto name = "slow" + std::to_string(i);
    scenario.want(Goal::occupied, name);
    scenario.world.name(name, {far}).delay = 100ms;
  }
  scenario.world.server(far, port);
  expect_equal(scenario.run(10s), Outcome::reached);
  expect(scenario.elapsed() >= 400ms && scenario.elapsed() <= 450ms);  // at most 32 look-ups at a time
}

void one_lookup_serves_all_targets_of_a_name() {
  Scenario scenario;
  for (std::uint16_t i = 0; i < 50; ++i) {
    scenario.want(Goal::occupied, host, static_cast<std::uint16_t>(port + i));
    scenario.world.server(far, static_cast<std::uint16_t>(port + i));
  }
  scenario.world.name(host, {far}).delay = 10ms;
  expect_equal(scenario.run(10s), Outcome::reached);
  expect_equal(scenario.world.names[host].asked, 1);
}

void a_machine_without_threads_says_so() {
  Scenario scenario(Goal::occupied, host);
  scenario.world.has_threads = false;
  scenario.world.name(host, {far});
  bool thrown = false;
  try {
    scenario.run(1s);
  } catch (const std::system_error& failure) {
    thrown = failure.code().value() == EAGAIN;
  }
  expect(thrown);
  scenario.world.has_threads = true;
  scenario.world.server(far, port);
  expect_equal(scenario.run(1s), Outcome::reached);
}

void any_needs_one_name_and_all_need_each() {
  for (const auto mode : {Mode::any, Mode::all}) {
    Scenario scenario(Goal::occupied, "no.such.name");
    scenario.want(Goal::occupied, far);
    scenario.world.server(far, port).round_trip = 100ms;
    expect_equal(scenario.run(10s, mode), mode == Mode::any ? Outcome::reached : Outcome::unresolved);
    expect_equal(scenario.elapsed(), mode == Mode::any ? Duration(100ms) : 0ms);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_name_takes_its_time),
      unit(the_deadline_covers_the_lookup),
      unit(a_name_that_does_not_exist_fails_at_once),
      unit(what_may_pass_is_retried_until_the_deadline),
      unit(a_name_that_appears_is_noticed),
      unit(a_name_that_has_vanished_is_free),
      unit(a_resolver_that_fails_takes_no_server_down),
      unit(a_name_that_moves_is_followed),
      unit(a_name_that_moves_away_from_a_listener_is_free),
      unit(numeric_hosts_and_localhost_are_never_looked_up),
      unit(a_single_probe_bounds_the_lookup_by_the_attempt_limit),
      unit(names_that_hang_leave_room_for_others),
      unit(more_names_than_lookups_wait_for_their_turn),
      unit(one_lookup_serves_all_targets_of_a_name),
      unit(a_machine_without_threads_says_so),
      unit(any_needs_one_name_and_all_need_each),
  };
  return run_scenarios("scenarios/names", tests);
}
