// SPDX-License-Identifier: MIT
// Servers on other machines, by connecting: contract, sections 1, 3.2, 3.3 and 3.5.
#include <algorithm>

#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

/// Counts the attempts that started in a span of `first` that ends before `last`.
std::size_t attempts_within(const fake::Contacts& contacts, Duration first, Duration last) {
  return static_cast<std::size_t>(
      std::ranges::count_if(contacts.attempts, [&](Duration when) { return when >= first && when < last; }));
}

void an_answer_decides() {
  struct Case {
    Behavior behavior;
    Goal goal;
    Outcome outcome;
    Reason reason;
    Duration when;
  };
  constexpr Duration timeout = 3s;
  constexpr Duration attempt_limit = 1s;
  for (const Duration trip : {1ms, 40ms, 999ms}) {
    for (const auto& [behavior, goal, outcome, reason, when] : {
             Case{Behavior::accept, Goal::occupied, Outcome::reached, Reason::accepted, trip},
             Case{Behavior::refuse, Goal::free, Outcome::reached, Reason::refused, trip},
             Case{Behavior::unreachable, Goal::free, Outcome::reached, Reason::unreachable, trip},
             Case{Behavior::forbidden, Goal::free, Outcome::reached, Reason::forbidden, trip},
             Case{Behavior::silence, Goal::free, Outcome::reached, Reason::silent, attempt_limit},
             Case{Behavior::refuse, Goal::occupied, Outcome::timed_out, Reason::refused, timeout},
             Case{Behavior::unreachable, Goal::occupied, Outcome::timed_out, Reason::unreachable, timeout},
             Case{Behavior::forbidden, Goal::occupied, Outcome::timed_out, Reason::forbidden, timeout},
             Case{Behavior::silence, Goal::occupied, Outcome::timed_out, Reason::silent, timeout},
             Case{Behavior::accept, Goal::free, Outcome::timed_out, Reason::accepted, timeout},
             Case{Behavior::itself, Goal::occupied, Outcome::timed_out, Reason::refused, timeout},
         }) {
      Scenario scenario(goal);
      auto& server = scenario.world.server(far, port);
      server.behavior = behavior;
      server.round_trip = trip;
      scenario.expect_end(outcome, reason, when, timeout);
      expect_equal(server.contacts.ended_by_reset, 0);
    }
  }
}

void a_probe_is_abandoned_before_the_server_learns_of_it() {
  Scenario scenario(Goal::occupied);
  const auto& contacts = scenario.world.server(far, port).contacts;
  expect_equal(scenario.run(), Outcome::reached);
  expect_equal(contacts.abandoned, 1);
  expect_equal(contacts.accepted, 0);
}

void a_connection_that_is_established_ends_by_fin() {
  for (const std::size_t greeting : {0U, 1U, 100000U}) {
    for (const bool answers_fin : {true, false}) {
      for (const bool holds_back : {true, false}) {
        Scenario scenario(Goal::occupied);
        scenario.world.can_hold_back = holds_back;
        scenario.waiter.settings().evidence = holds_back ? Evidence::connection : Evidence::automatic;
        auto& server = scenario.world.server(far, port);
        server.greeting = greeting;
        server.round_trip = 10ms;
        if (!answers_fin) server.closes_on_fin.reset();
        expect_equal(scenario.run(), Outcome::reached);
        expect_equal(server.contacts.accepted, 1);
        expect_equal(server.contacts.ended_by_fin, 1);
        if (holds_back) expect_equal(server.contacts.ended_by_reset, 0);
      }
    }
  }
}

/// The FIN of the server arrives when its limit ends, and a signal keeps the poller from reporting it.
void a_connection_that_the_server_closes_at_the_last_moment_ends_the_wait() {
  for (Duration when = 100ms; when <= 130ms; when += 1ms) {
    Scenario scenario(Goal::occupied);
    scenario.waiter.settings().evidence = Evidence::connection;
    auto& server = scenario.world.server(far, port);
    server.round_trip = 10ms;
    server.closes_on_fin = 100ms;
    scenario.world.signal_at(when);
    expect_equal(scenario.run(), Outcome::reached);
  }
}

void attempts_overlap_so_that_a_dropped_syn_hides_no_server() {
  for (const Duration when : {5ms, 99ms, 100ms, 450ms, 999ms, 1001ms, 5000ms, 59000ms}) {
    Scenario scenario(Goal::occupied);
    auto& server = scenario.world.server(far, port);
    server.behavior = Behavior::silence;
    server.round_trip = 20ms;
    scenario.world.at(when, [&] { server.behavior = Behavior::accept; });
    scenario.expect_end_within(Outcome::reached, Reason::accepted, when + 20ms, when + 280ms);
  }
}

void a_server_that_starts_after_refusals_is_noticed_soon() {
  for (const Duration when : {1ms, 6ms, 100ms, 1000ms, 10000ms, 100000ms}) {
    Scenario scenario(Goal::occupied);
    auto& server = scenario.world.server(far, port);
    server.behavior = Behavior::refuse;
    server.round_trip = 1ms;
    scenario.world.at(when, [&] { server.behavior = Behavior::accept; });
    scenario.expect_end_within(Outcome::reached, Reason::accepted, when, when + 10ms + when / 32);
  }
}

void a_server_that_is_to_leave_gets_few_connections() {
  for (const Duration trip : {0ms, 1ms, 30ms, 300ms, 900ms}) {
    for (const Duration interval : {0ms, 1ms, 10ms, 2000ms}) {
      Scenario scenario(Goal::free);
      scenario.waiter.settings().shortest = scenario.waiter.settings().longest = interval;
      auto& server = scenario.world.server(far, port);
      server.round_trip = trip;
      scenario.expect_end(Outcome::timed_out, Reason::accepted, 60s, 60s);
      const auto& contacts = server.contacts;
      expect(attempts_within(contacts, 0s, 3s) <= 20);
      for (Duration second = 3s; second < 60s; second += 100ms) {
        expect(attempts_within(contacts, second, second + 1s) <= 1);
      }
      expect(contacts.attempts.size() >= (interval > 1s ? 20U : 30U));
    }
  }
}

void a_refusal_is_free_at_once() {
  for (const Duration when : {1ms, 60ms, 2999ms, 3001ms, 30000ms}) {
    Scenario scenario(Goal::free);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 5ms;
    scenario.world.at(when, [&] { server.behavior = Behavior::refuse; });
    expect_equal(scenario.run(), Outcome::reached);
    const auto& attempts = server.contacts.attempts;
    expect_equal(scenario.elapsed(), attempts.back() + 5ms);
    expect(scenario.elapsed() >= when);
    expect(scenario.elapsed() <= when + 1100ms);
  }
}

/// By the contract: after five attempts in a row without an answer, and at least five seconds.
void silence_after_it_accepted_counts_late() {
  for (const Duration limit : {100ms, 1000ms, 3000ms}) {
    for (const Duration when : {10ms, 500ms, 4000ms}) {
      Scenario scenario(Goal::free);
      scenario.waiter.settings().attempt_limit = limit;
      auto& server = scenario.world.server(far, port);
      server.round_trip = 5ms;
      scenario.world.at(when, [&] { server.behavior = Behavior::silence; });
      expect_equal(scenario.run(60s), Outcome::reached);
      expect_equal(scenario.target().reason, Reason::silent);
      const auto silent = attempts_within(server.contacts, when, forever + 3600s);
      expect(silent >= 5);
      const auto first_silent = *std::ranges::lower_bound(server.contacts.attempts, when);
      expect(scenario.elapsed() - first_silent >= 5s);
      expect(scenario.elapsed() - first_silent <= 5s + 2 * limit + 2s);
    }
  }
}

void an_answer_ends_the_silence() {
  for (const Duration silent_for : {500ms, 1500ms, 3000ms, 3900ms}) {
    Scenario scenario(Goal::free);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 5ms;
    const auto set = [&](Behavior behavior) { return [&, behavior] { server.behavior = behavior; }; };
    for (Duration when = 1s; when < 60s; when += silent_for + 1500ms) {
      scenario.world.at(when, set(Behavior::silence));
      scenario.world.at(when + silent_for, set(Behavior::accept));
    }
    expect_equal(scenario.run(58s), Outcome::timed_out);
    expect_equal(scenario.target().state, State::occupied);
  }
}

void all_addresses_are_probed_side_by_side() {
  constexpr Duration quick = 10ms;
  struct Case {
    Behavior first;
    Behavior second;
    Goal goal;
    Outcome outcome;
    Duration when;
  };
  for (const auto& [first, second, goal, outcome, when] : {
           Case{Behavior::silence, Behavior::accept, Goal::occupied, Outcome::reached, quick},
           Case{Behavior::accept, Behavior::silence, Goal::occupied, Outcome::reached, quick},
           Case{Behavior::refuse, Behavior::accept, Goal::occupied, Outcome::reached, quick},
           Case{Behavior::accept, Behavior::accept, Goal::occupied, Outcome::reached, quick},
           Case{Behavior::refuse, Behavior::refuse, Goal::free, Outcome::reached, quick},
           Case{Behavior::refuse, Behavior::silence, Goal::free, Outcome::reached, 1s},
           Case{Behavior::silence, Behavior::silence, Goal::free, Outcome::reached, 1s},
           Case{Behavior::refuse, Behavior::unreachable, Goal::free, Outcome::reached, quick},
           Case{Behavior::refuse, Behavior::accept, Goal::free, Outcome::timed_out, 2s},
           Case{Behavior::accept, Behavior::refuse, Goal::free, Outcome::timed_out, 2s},
       }) {
    Scenario scenario(goal, "pair");
    scenario.world.name("pair", {far, far2});
    for (const auto& [address, behavior] : {std::pair(far, first), std::pair(far2, second)}) {
      auto& server = scenario.world.server(address, port);
      server.behavior = behavior;
      server.round_trip = quick;
    }
    expect_equal(scenario.run(2s), outcome);
    expect_equal(scenario.elapsed(), when);
  }
}

void many_targets_end_together_or_by_the_first() {
  for (const auto mode : {Mode::all, Mode::any}) {
    Scenario scenario;
    for (int i = 1; i <= 20; ++i) {
      const auto host = "10.1.0." + std::to_string(i);
      scenario.want(Goal::occupied, host);
      auto& server = scenario.world.server(host, port);
      server.behavior = Behavior::refuse;
      scenario.world.at(i * 100ms, [&server] { server.behavior = Behavior::accept; });
    }
    expect_equal(scenario.run(10s, mode), Outcome::reached);
    const Duration expected = mode == Mode::all ? 2000ms : 100ms;
    expect(scenario.elapsed() >= expected && scenario.elapsed() <= expected + 50ms);
  }
}

void a_family_that_this_machine_lacks_is_skipped() {
  Scenario scenario(Goal::occupied, "both");
  scenario.world.lacks_ipv6 = true;
  scenario.world.name("both", {"2001:db8::1", far});
  scenario.world.server(far, port).round_trip = 10ms;
  scenario.expect_end(Outcome::reached, Reason::accepted, 10ms);
}

void a_family_that_is_asked_for_is_the_only_one() {
  for (const auto family : {os::Family::ipv4, os::Family::ipv6}) {
    Scenario scenario(Goal::occupied, "both");
    scenario.waiter.settings().family = family;
    scenario.world.name("both", {"2001:db8::1", far});
    auto& v4 = scenario.world.server(far, port);
    auto& v6 = scenario.world.server("2001:db8::1", port);
    expect_equal(scenario.run(), Outcome::reached);
    expect_equal(v4.contacts.attempts.empty(), family == os::Family::ipv6);
    expect_equal(v6.contacts.attempts.empty(), family == os::Family::ipv4);
  }
}

void silence_keeps_no_more_attempts_under_way_than_allowed() {
  for (const Duration limit : {100ms, 1000ms, 10000ms, 100000ms}) {
    Scenario scenario(Goal::occupied);
    scenario.waiter.settings().attempt_limit = limit;
    scenario.world.server(far, port).behavior = Behavior::silence;
    expect_equal(scenario.run(300s), Outcome::timed_out);
    expect(scenario.world.most_open() <=
           wait::most_parallel_attempts + 3);  // the descriptors of the poller and the wakeup
  }
}

void descriptors_bound_how_many_are_probed_at_once() {
  Scenario scenario;
  scenario.world.descriptor_limit = 40;
  for (int i = 0; i < 200; ++i) {
    const auto host = "10.2.0." + std::to_string(i);
    scenario.want(Goal::occupied, host);
    scenario.world.server(host, port).round_trip = 50ms;
  }
  expect_equal(scenario.run(60s), Outcome::reached);
  expect(scenario.elapsed() <= 1s);
}

void the_system_is_asked_once_whether_an_address_is_its_own() {
  Scenario scenario;
  for (std::uint16_t number = 1; number <= 100; ++number) {
    scenario.waiter.add(far, number, Goal::occupied);
    scenario.world.server(far, number).round_trip = 1ms;
  }
  expect_equal(scenario.run(60s), Outcome::reached);
  expect_equal(scenario.world.requests_of_own_addresses, 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(an_answer_decides),
      unit(a_probe_is_abandoned_before_the_server_learns_of_it),
      unit(a_connection_that_is_established_ends_by_fin),
      unit(a_connection_that_the_server_closes_at_the_last_moment_ends_the_wait),
      unit(attempts_overlap_so_that_a_dropped_syn_hides_no_server),
      unit(a_server_that_starts_after_refusals_is_noticed_soon),
      unit(a_server_that_is_to_leave_gets_few_connections),
      unit(a_refusal_is_free_at_once),
      unit(silence_after_it_accepted_counts_late),
      unit(an_answer_ends_the_silence),
      unit(all_addresses_are_probed_side_by_side),
      unit(many_targets_end_together_or_by_the_first),
      unit(a_family_that_this_machine_lacks_is_skipped),
      unit(a_family_that_is_asked_for_is_the_only_one),
      unit(silence_keeps_no_more_attempts_under_way_than_allowed),
      unit(descriptors_bound_how_many_are_probed_at_once),
      unit(the_system_is_asked_once_whether_an_address_is_its_own),
  };
  return run_scenarios("scenarios/remote", tests);
}
