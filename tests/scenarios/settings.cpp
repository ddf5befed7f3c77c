// SPDX-License-Identifier: MIT
// Options of a wait: stable, owner, process, interval; and the states bindable and drained. Contract,
// sections 1, 2 and 3.6.
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

void stable_counts_when_the_connection_stayed_open() {
  for (const auto& host : {far, here}) {
    for (const Duration length : {1ms, 100ms, 3000ms}) {
      Scenario scenario(Goal::occupied, host);
      scenario.waiter.settings().stable = length;
      auto& server =
          host == far ? scenario.world.server(far, port) : scenario.world.listen(here, port).server;
      server.round_trip = 20ms;
      scenario.expect_end(Outcome::reached, Reason::accepted, length + 20ms);
      expect_equal(server.contacts.accepted, 1);
      expect_equal(server.contacts.ended_by_fin, 1);
      expect_equal(server.contacts.ended_by_reset, 0);
    }
  }
}

void a_connection_that_is_closed_early_does_not_count() {
  for (const auto& host : {far, here}) {
    for (const Duration after : {0ms, 1ms, 99ms}) {
      Scenario scenario(Goal::occupied, host);
      scenario.waiter.settings().stable = 100ms;
      auto& server =
          host == far ? scenario.world.server(far, port) : scenario.world.listen(here, port).server;
      server.closes_after = after;
      scenario.expect_end(Outcome::timed_out, Reason::closed_early, 2s, 2s);
      expect_equal(scenario.target().state, State::unknown);
      expect(server.contacts.accepted >= 5);
    }
  }
}

void a_proxy_that_gets_its_server_is_stable_then() {
  for (const Duration when : {50ms, 1000ms, 10000ms}) {
    Scenario scenario(Goal::occupied, far);
    scenario.waiter.settings().stable = 100ms;
    auto& server = scenario.world.server(far, port);
    server.closes_after = 0ms;
    scenario.world.at(when, [&] { server.closes_after.reset(); });
    scenario.expect_end_within(Outcome::reached, Reason::accepted, when + 100ms, when + 1200ms);
  }
}

void a_closed_early_connection_does_not_make_free() {
  Scenario scenario(Goal::free, far);
  scenario.waiter.settings().stable = 100ms;
  scenario.world.server(far, port).closes_after = 0ms;
  expect_equal(scenario.run(3s), Outcome::timed_out);
}

void only_the_owner_and_its_descendants_count() {
  struct Case {
    std::int64_t listener;
    Outcome outcome;
    Reason reason;
  };
  for (const auto& [listener, outcome, reason] : {
           Case{100, Outcome::reached, Reason::listening},
           Case{101, Outcome::reached, Reason::listening},
           Case{102, Outcome::reached, Reason::listening},
           Case{50, Outcome::timed_out, Reason::other_owner},
           Case{200, Outcome::timed_out, Reason::other_owner},
       }) {
    Scenario scenario(Goal::occupied, here);
    scenario.waiter.settings().owner = 100;
    scenario.world.processes = {{100, {50}}, {101, {100}}, {102, {101}}, {50, {1}}, {200, {1}}};
    scenario.world.listen(here, port, {.owner = listener});
    scenario.expect_end_within(outcome, reason, 0ms, 1s, 1s);
    expect_equal(scenario.elapsed(), outcome == Outcome::reached ? Duration(0) : 1s);
  }
}

void the_owner_may_come_after_another_one() {
  Scenario scenario(Goal::occupied, here);
  scenario.waiter.settings().owner = 100;
  auto& other = scenario.world.listen(here, port, {.owner = 200});
  scenario.world.at(500ms, [&] { scenario.world.close(other); });
  scenario.world.at(600ms, [&] { scenario.world.listen(here, port, {.owner = 100}); });
  scenario.expect_end_within(Outcome::reached, Reason::listening, 600ms, 620ms);
}

/// The owner of the listener changes, and the socket table says "listening" both times.
void the_owner_may_take_over_between_two_probes() {
  Scenario scenario(Goal::occupied, here);
  scenario.waiter.settings().owner = 100;
  auto& other = scenario.world.listen(here, port, {.owner = 200});
  scenario.world.at(500ms, [&] {
    scenario.world.close(other);
    scenario.world.listen(here, port, {.owner = 100});
  });
  scenario.expect_end_within(Outcome::reached, Reason::listening, 500ms, 620ms, 5s);
}

void an_owner_cannot_be_determined_everywhere() {
  run_rows({
      {"of another machine",
       [] {
         Scenario scenario(Goal::occupied, far);
         scenario.waiter.settings().owner = 100;
         scenario.world.server(far, port);
         expect_equal(scenario.run(1s), Outcome::unsupported);
       }},
      {"if no process is visible",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.waiter.settings().owner = 100;
         scenario.world.processes_visible = false;
         scenario.world.listen(here, port, {.owner = 100});
         expect_equal(scenario.run(1s), Outcome::unsupported);
       }},
  });
}

void a_process_that_ends_ends_the_wait() {
  for (const bool has_pidfd : {true, false}) {
    for (const Duration when : {0ms, 1ms, 500ms, 7000ms}) {
      Scenario scenario(Goal::occupied, far);
      scenario.world.has_pidfd = has_pidfd;
      scenario.waiter.settings().process = 77;
      scenario.world.server(far, port).behavior = Behavior::refuse;
      scenario.world.at(when, [&] { scenario.world.kill(77); });
      scenario.expect_end_within(Outcome::gone, Reason::refused, when, when + (has_pidfd ? 0ms : 20ms), 10s);
    }
  }
}

void a_server_that_came_before_its_process_ended_counts() {
  Scenario scenario(Goal::occupied, here);
  scenario.waiter.settings().process = 77;
  scenario.world.at(100ms, [&] {
    scenario.world.listen(here, port);
    scenario.world.kill(77);
  });
  scenario.expect_end(Outcome::reached, Reason::listening, 100ms);
}

void bindable_is_what_a_server_could_bind() {
  struct Case {
    std::optional<os::Binding> binding;
    bool listens;
    Outcome outcome;
    Reason reason;
  };
  for (const auto& [binding, listens, outcome, reason] : {
           Case{std::nullopt, false, Outcome::reached, Reason::bindable},
           Case{std::nullopt, true, Outcome::timed_out, Reason::in_use},
           Case{os::Binding::in_use, false, Outcome::timed_out, Reason::in_use},
           Case{os::Binding::forbidden, false, Outcome::timed_out, Reason::forbidden},
       }) {
    Scenario scenario(Goal::bindable, here);
    if (binding) scenario.world.bindings[port] = *binding;
    if (listens) scenario.world.listen(here, port);
    scenario.expect_end(outcome, reason, outcome == Outcome::reached ? Duration(0) : 1s, 1s);
    expect(scenario.world.server(here, port).contacts.attempts.empty());
  }
}

void a_port_that_gets_bindable_is_seen() {
  for (const Duration when : {1ms, 100ms, 3000ms}) {
    for (const auto& host : {here, std::string("0.0.0.0"), std::string("*")}) {
      Scenario scenario(Goal::bindable, host);
      auto& listener = scenario.world.listen(here, port);
      scenario.world.at(when, [&] { scenario.world.close(listener); });
      scenario.expect_end_within(Outcome::reached, Reason::bindable, when, when + 5ms + when / 30);
    }
  }
}

void drained_means_that_no_connection_is_left() {
  using Kind = os::SocketKind;
  struct Case {
    std::vector<Kind> kinds;
    bool is_drained;
  };
  for (const auto& [kinds, is_drained] : {
           Case{{}, true},
           Case{{Kind::time_wait, Kind::time_wait}, true},
           Case{{Kind::connected}, false},
           Case{{Kind::time_wait, Kind::connected}, false},
       }) {
    for (const bool listens : {false, true}) {
      Scenario scenario(Goal::drained, here);
      for (const auto kind : kinds) scenario.world.connect(here, port, kind);
      scenario.world.connect(here, port + 1, Kind::connected);
      if (listens) scenario.world.listen(here, port);
      expect_equal(scenario.run(1s), is_drained ? Outcome::reached : Outcome::timed_out);
      expect_equal(scenario.target().reason, is_drained ? Reason::drained : Reason::connected);
    }
  }
}

void connections_that_end_are_seen() {
  for (const auto notice : {Notice::given, Notice::lost, Notice::missing}) {
    for (const Duration when : {1ms, 300ms, 20000ms}) {
      Scenario scenario(Goal::drained, here);
      scenario.world.connect(here, port, os::SocketKind::connected);
      scenario.world.at(when, [&] { scenario.world.drain(port, notice); });
      const Duration late = notice == Notice::missing ? 5ms + when / 30 : Duration(0);
      scenario.expect_end_within(Outcome::reached, Reason::drained, when, when + late);
    }
  }
}

void states_of_this_machine_are_unsupported_for_others() {
  for (const auto goal : {Goal::bindable, Goal::drained}) {
    Scenario scenario(goal, far);
    expect_equal(scenario.run(1s), Outcome::unsupported);
  }
  Scenario scenario(Goal::drained, here);
  scenario.world.sockets_listable = false;
  expect_equal(scenario.run(1s), Outcome::unsupported);
}

void a_port_must_be_bindable_on_each_address() {
  Scenario scenario(Goal::bindable, "two.example");
  scenario.world.name("two.example", {here, "::1"});
  scenario.world.listen("::1", port);
  scenario.expect_end(Outcome::timed_out, Reason::in_use, 1s, 1s);
}

void an_address_that_this_machine_has_lost_is_not_bindable() {
  Scenario scenario(Goal::bindable, here);
  scenario.world.bindings[port] = os::Binding::no_address;
  expect_equal(scenario.run(1s), Outcome::timed_out);
}

void the_option_bounds_the_intervals() {
  struct Case {
    Duration shortest;
    Duration longest;
  };
  for (const auto& [shortest, longest] : {Case{0ms, 0ms}, {10ms, 10ms}, {100ms, 300ms}, {1000ms, 1000ms}}) {
    Scenario scenario(Goal::occupied, far);
    scenario.waiter.settings().shortest = shortest;
    scenario.waiter.settings().longest = longest;
    auto& server = scenario.world.server(far, port);
    server.behavior = Behavior::refuse;
    expect_equal(scenario.run(20s), Outcome::timed_out);
    const auto& attempts = server.contacts.attempts;
    for (std::size_t i = 1; i < attempts.size(); ++i) {
      expect(attempts[i] - attempts[i - 1] >= shortest);
      if (longest > 0ms) expect(attempts[i] - attempts[i - 1] <= longest);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(stable_counts_when_the_connection_stayed_open),
      unit(a_connection_that_is_closed_early_does_not_count),
      unit(a_proxy_that_gets_its_server_is_stable_then),
      unit(a_closed_early_connection_does_not_make_free),
      unit(only_the_owner_and_its_descendants_count),
      unit(the_owner_may_come_after_another_one),
      unit(the_owner_may_take_over_between_two_probes),
      unit(an_owner_cannot_be_determined_everywhere),
      unit(a_process_that_ends_ends_the_wait),
      unit(a_server_that_came_before_its_process_ended_counts),
      unit(bindable_is_what_a_server_could_bind),
      unit(a_port_that_gets_bindable_is_seen),
      unit(drained_means_that_no_connection_is_left),
      unit(connections_that_end_are_seen),
      unit(states_of_this_machine_are_unsupported_for_others),
      unit(a_port_must_be_bindable_on_each_address),
      unit(an_address_that_this_machine_has_lost_is_not_bindable),
      unit(the_option_bounds_the_intervals),
  };
  return run_scenarios("scenarios/settings", tests);
}
