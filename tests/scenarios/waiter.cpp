// SPDX-License-Identifier: MIT
// Ways to run a wait: canceled, interrupted and resumed, step by step, and in a foreign event loop. Contract,
// section 2.
#include <algorithm>

#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

/// Records the calls of the interrupt hook.
struct Hook {
  explicit Hook(Scenario& of) : scenario(of) {
    scenario.waiter.set_interrupt({.hook = asked, .context = this});
  }
  static int asked(void* context) {
    auto& self = *static_cast<Hook*>(context);
    self.times.push_back(self.scenario.elapsed());
    return self.interrupts && self.interrupts(self.scenario.elapsed()) ? 1 : 0;
  }

  Scenario& scenario;
  std::function<bool(Duration)> interrupts;
  std::vector<Duration> times;
};

void a_wait_is_canceled_at_any_moment() {
  for (Duration when = 0ms; when <= 300ms; when += 13ms) {
    for (const auto& host : {far, here, std::string("hangs")}) {
      Scenario scenario(Goal::occupied, host);
      scenario.world.name("hangs", {far}).hangs = true;
      scenario.world.server(far, port).behavior = Behavior::silence;
      scenario.world.at(when, [&] { scenario.waiter.cancel(); });
      expect_equal(scenario.run(), Outcome::canceled);
      expect_equal(scenario.elapsed(), when);
    }
  }
}

void canceled_before_it_begins_and_until_it_is_reset() {
  Scenario scenario(Goal::occupied, here);
  scenario.world.listen(here, port);
  scenario.waiter.cancel();
  expect_equal(scenario.run(), Outcome::canceled);
  expect_equal(scenario.run(), Outcome::canceled);
  scenario.waiter.reset();
  expect_equal(scenario.run(), Outcome::reached);
}

void the_hook_is_asked_often_and_after_each_signal() {
  Scenario scenario(Goal::occupied, far);
  scenario.world.server(far, port).behavior = Behavior::silence;
  Hook hook(scenario);
  for (const Duration when : {7ms, 333ms, 1111ms}) scenario.world.signal_at(when);
  expect_equal(scenario.run(5s), Outcome::timed_out);
  for (const Duration when : {7ms, 333ms, 1111ms}) {
    expect(std::ranges::find(hook.times, when) != hook.times.end());
  }
  expect(hook.times.size() <= 5s / 50ms + 5);
  for (std::size_t i = 1; i < hook.times.size(); ++i) expect(hook.times[i] - hook.times[i - 1] <= 100ms);
}

void a_signal_without_a_hook_is_no_end() {
  Scenario scenario(Goal::occupied, far);
  scenario.world.server(far, port).round_trip = 50ms;
  for (Duration when = 0ms; when < 50ms; when += 1ms) scenario.world.signal_at(when);
  scenario.expect_end(Outcome::reached, Reason::accepted, 50ms);
}

/// The interruptions must not change when a wait ends, nor the number of its attempts. Returns both, for a
/// change after 650 ms and interruptions at this interval.
std::pair<Duration, std::size_t> end_of_interrupted(Goal goal, const std::string& host, Duration interval) {
  Scenario scenario(goal, host);
  auto& silent = scenario.world.server(far, port);
  silent.behavior = Behavior::silence;
  silent.round_trip = 20ms;
  auto& leaving = scenario.world.server(far2, port);
  scenario.world.name("db.example", {"10.0.0.3"}).delay = 500ms;
  scenario.world.server("10.0.0.3", port).round_trip = 300ms;
  scenario.world.at(650ms, [&] {
    silent.behavior = Behavior::accept;
    leaving.behavior = Behavior::refuse;
    scenario.world.listen(here, port);
  });
  Hook hook(scenario);
  for (Duration when = interval; interval > 0ms && when < 2s; when += interval)
    scenario.world.signal_at(when);
  hook.interrupts = [&](Duration now) { return interval > 0ms && now > 0ms && now % interval == 0ms; };
  auto outcome = scenario.run(2s);
  for (; outcome == Outcome::interrupted; outcome = scenario.resume()) {
    expect(scenario.waiter.is_interrupted());
    hook.interrupts = [&, last = scenario.elapsed()](Duration now) {
      return interval > 0ms && now > last && now % interval == 0ms;
    };
  }
  expect_equal(outcome, Outcome::reached);
  return {scenario.elapsed(), silent.contacts.attempts.size() + leaving.contacts.attempts.size()};
}

void a_wait_that_is_resumed_ends_as_if_never_interrupted() {
  struct Case {
    Goal goal;
    std::string host;
  };
  for (const auto& [goal, host] : {Case{Goal::occupied, far}, Case{Goal::free, far2},
                                   Case{Goal::occupied, "db.example"}, Case{Goal::occupied, here}}) {
    const auto undisturbed = end_of_interrupted(goal, host, 0ms);
    for (const Duration interval : {7ms, 50ms, 130ms}) {
      const auto end = end_of_interrupted(goal, host, interval);
      if (host != here) expect(end == undisturbed);
      expect(end.first < 1200ms);
    }
  }
}

void the_deadline_is_kept_while_a_wait_is_interrupted() {
  Scenario scenario(Goal::occupied, far);
  scenario.world.server(far, port).behavior = Behavior::silence;
  Hook hook(scenario);
  hook.interrupts = [](Duration now) { return now >= 100ms; };
  expect_equal(scenario.run(1s), Outcome::interrupted);
  scenario.world.jump(2s);
  hook.interrupts = {};
  expect_equal(scenario.resume(), Outcome::timed_out);
}

void what_is_known_stays_while_a_wait_is_interrupted() {
  Scenario scenario(Goal::free, here);
  scenario.world.listen(here, port);
  Hook hook(scenario);
  hook.interrupts = [](Duration now) { return now >= 50ms; };
  expect_equal(scenario.run(), Outcome::interrupted);
  expect_equal(scenario.target().state, State::occupied);
  expect_equal(scenario.target().reason, Reason::listening);
  scenario.waiter.end();
  expect_equal(scenario.target().state, State::occupied);
}

void a_timeout_of_zero_probes_once() {
  struct Case {
    Behavior behavior;
    Outcome occupied;
    Outcome free;
    Duration when;
  };
  for (const auto& [behavior, occupied, free, when] : {
           Case{Behavior::accept, Outcome::reached, Outcome::timed_out, 20ms},
           Case{Behavior::refuse, Outcome::timed_out, Outcome::reached, 20ms},
           Case{Behavior::silence, Outcome::timed_out, Outcome::reached, 1s},
       }) {
    for (const auto goal : {Goal::occupied, Goal::free}) {
      Scenario scenario(goal, far);
      auto& server = scenario.world.server(far, port);
      server.behavior = behavior;
      server.round_trip = 20ms;
      expect_equal(scenario.run(0ms), goal == Goal::occupied ? occupied : free);
      expect_equal(scenario.elapsed(), when);
      expect_equal(server.contacts.attempts.size(), std::size_t{1});
    }
  }
}

void a_probe_tells_the_state_and_reaches_no_goal() {
  struct Case {
    Behavior behavior;
    State state;
    Duration when;
  };
  for (const Duration limit : {50ms, 700ms}) {
    for (const auto& [behavior, state, when] : {
             Case{Behavior::accept, State::occupied, 20ms},
             Case{Behavior::refuse, State::free, 20ms},
             Case{Behavior::silence, State::free, limit},
         }) {
      Scenario scenario(Goal::watch, far);
      auto& server = scenario.world.server(far, port);
      server.behavior = behavior;
      server.round_trip = 20ms;
      expect_equal(scenario.waiter.probe(limit), Outcome::timed_out);
      expect_equal(scenario.target().state, state);
      expect_equal(scenario.elapsed(), when);
    }
  }
}

void a_watch_tells_each_change_once() {
  Scenario scenario(Goal::watch, here);
  fake::Listener* listener = nullptr;
  for (Duration when = 100ms; when < 1s; when += 200ms) {
    scenario.world.at(when, [&] { listener = &scenario.world.listen(here, port); });
    scenario.world.at(when + 100ms, [&] { scenario.world.close(*listener); });
  }
  std::vector<State> states;
  while (scenario.elapsed() < 1100ms) {
    const auto outcome = scenario.waiter.run_until_event(scenario.world.now() + 300ms);
    expect_equal(outcome, Outcome::pending);
    while (const auto event = scenario.waiter.take_event()) {
      states.push_back(event->state);
      expect(event->at == scenario.world.now());
    }
  }
  expect_equal(states.size(), std::size_t{11});
  for (std::size_t i = 0; i < states.size(); ++i) {
    expect_equal(states[i], i % 2 == 0 ? State::free : State::occupied);
  }
}

void no_event_comes_in_time() {
  Scenario scenario(Goal::watch, far);
  scenario.world.server(far, port).behavior = Behavior::silence;
  expect_equal(scenario.waiter.run_until_event(scenario.world.now() + 300ms), Outcome::pending);
  expect_equal(scenario.elapsed(), Duration(300ms));
  expect(!scenario.waiter.take_event());
  expect_equal(scenario.waiter.run_until_event(scenario.world.now() + 5s), Outcome::pending);
  expect_equal(scenario.elapsed(), Duration(1s));
  expect_equal(scenario.waiter.take_event()->state, State::free);
}

void a_foreign_loop_ends_as_a_blocking_wait() {
  struct Case {
    Goal goal;
    Behavior before;
    Behavior after;
  };
  for (const auto& [goal, before, after] : {
           Case{Goal::occupied, Behavior::refuse, Behavior::accept},
           Case{Goal::occupied, Behavior::silence, Behavior::accept},
           Case{Goal::free, Behavior::accept, Behavior::refuse},
           Case{Goal::free, Behavior::accept, Behavior::silence},
           Case{Goal::occupied, Behavior::refuse, Behavior::refuse},
       }) {
    std::vector<std::pair<Outcome, Duration>> ends;
    for (const bool foreign : {false, true}) {
      Scenario scenario(goal, far);
      auto& server = scenario.world.server(far, port);
      server.behavior = before;
      server.round_trip = 7ms;
      scenario.world.at(500ms, [&server, after = after] { server.behavior = after; });
      if (foreign) {
        scenario.waiter.start(Mode::all, 20000);
        ends.emplace_back(scenario.run_loop(), scenario.elapsed());
      } else {
        ends.emplace_back(scenario.run(20s), scenario.elapsed());
      }
    }
    expect(ends[0] == ends[1]);
  }
}

void a_foreign_loop_is_canceled() {
  Scenario scenario(Goal::occupied, far);
  scenario.world.server(far, port).behavior = Behavior::silence;
  scenario.world.at(123ms, [&] { scenario.waiter.cancel(); });
  scenario.waiter.start(Mode::all, -1);
  expect_equal(scenario.run_loop(), Outcome::canceled);
  expect_equal(scenario.elapsed(), Duration(123ms));
}

void a_wait_that_waits_sleeps() {
  struct Case {
    std::string host;
    int most;
  };
  for (const auto& [host, most] : {Case{far, 1200}, {here, 15000}}) {
    Scenario scenario(Goal::occupied, host);
    auto& server = scenario.world.server(far, port);
    server.behavior = Behavior::silence;
    expect_equal(scenario.run(60s), Outcome::timed_out);
    expect(scenario.world.sleeps <= most);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_wait_is_canceled_at_any_moment),
      unit(canceled_before_it_begins_and_until_it_is_reset),
      unit(the_hook_is_asked_often_and_after_each_signal),
      unit(a_signal_without_a_hook_is_no_end),
      unit(a_wait_that_is_resumed_ends_as_if_never_interrupted),
      unit(the_deadline_is_kept_while_a_wait_is_interrupted),
      unit(what_is_known_stays_while_a_wait_is_interrupted),
      unit(a_timeout_of_zero_probes_once),
      unit(a_probe_tells_the_state_and_reaches_no_goal),
      unit(a_watch_tells_each_change_once),
      unit(no_event_comes_in_time),
      unit(a_foreign_loop_ends_as_a_blocking_wait),
      unit(a_foreign_loop_is_canceled),
      unit(a_wait_that_waits_sleeps),
  };
  return run_scenarios("scenarios/waiter", tests);
}
