// SPDX-License-Identifier: MIT
// Deadlines at every millisecond between the events of a wait.
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

constexpr Duration last_deadline = 400ms;

/// Runs a wait with each deadline, and calls `check` for each run.
template <class Prepare, class Check>
void for_each_deadline(Prepare&& prepare, Check&& check) {
  for (Duration deadline = 1ms; deadline <= last_deadline; deadline += 1ms) {
    Scenario scenario;
    prepare(scenario);
    const auto outcome = scenario.run(deadline);
    const auto elapsed = scenario.elapsed();
    expect(elapsed <= deadline);
    if (outcome == Outcome::timed_out) expect_equal(elapsed, deadline);
    check(deadline, outcome, elapsed);
  }
}

/// A wait whose state holds from some moment on succeeds with each deadline that is not earlier.
template <class Prepare>
void expect_success_from(Duration first, Prepare&& prepare) {
  for_each_deadline(prepare, [&](Duration deadline, Outcome outcome, Duration elapsed) {
    expect_equal(outcome, deadline >= first ? Outcome::reached : Outcome::timed_out);
    if (outcome == Outcome::reached) expect(elapsed >= first);
  });
}

/// A wait that answers decide: the deadline only matters if it comes first.
template <class Prepare>
void expect_as_without_deadline(Prepare&& prepare) {
  const auto end = [&] {
    Scenario endless;
    prepare(endless);
    expect_equal(endless.run(), Outcome::reached);
    return endless.elapsed();
  }();
  for_each_deadline(prepare, [&](Duration deadline, Outcome outcome, Duration elapsed) {
    expect_equal(outcome, deadline >= end ? Outcome::reached : Outcome::timed_out);
    if (outcome == Outcome::reached) expect_equal(elapsed, end);
  });
}

void a_listener_that_opened_is_seen_by_the_final_probe() {
  for (const Duration when : {1ms, 17ms, 150ms, 399ms}) {
    expect_success_from(when, [&](Scenario& scenario) {
      scenario.want(Goal::occupied, here);
      scenario.world.at(when, [&] { scenario.world.listen(here, port); });
    });
  }
}

/// Looks at a change during probes that take a while each.
void expect_dated_after(Duration began, Goal goal, const std::string& host, bool table_readable) {
  Scenario scenario(goal, host);
  auto& world = scenario.world;
  world.cost_of_table = world.cost_of_connect = 5ms;
  world.table_readable = table_readable;
  auto& server = world.server(far, port);
  server.behavior = goal == Goal::occupied ? Behavior::refuse : Behavior::accept;
  auto* listener = goal == Goal::occupied ? nullptr : &world.listen(here, port);
  world.at(began, [&] {
    server.behavior = goal == Goal::occupied ? Behavior::accept : Behavior::refuse;
    if (listener == nullptr) {
      world.listen(here, port);
    } else {
      world.close(*listener);
    }
  });
  expect_equal(scenario.run(), Outcome::reached);
  expect(scenario.target().reached_at - scenario.waiter.wait().began >= began);
}

void no_state_is_dated_before_it_began() {
  for (Duration began = 1ms; began <= 30ms; began += 1ms) {
    for (const auto goal : {Goal::occupied, Goal::free}) {
      for (const auto& host : {here, far}) {
        for (const bool table_readable : {true, false}) expect_dated_after(began, goal, host, table_readable);
      }
    }
  }
}

void a_listener_that_closed_is_seen_by_the_final_probe() {
  for (const auto notice : {Notice::given, Notice::lost, Notice::missing}) {
    expect_success_from(150ms, [&](Scenario& scenario) {
      scenario.want(Goal::free, here);
      auto& listener = scenario.world.listen(here, port);
      scenario.world.at(150ms, [&, notice] { scenario.world.close(listener, notice); });
    });
  }
}

void without_the_table_the_final_probe_connects() {
  expect_success_from(150ms, [](Scenario& scenario) {
    scenario.world.table_readable = false;
    scenario.want(Goal::occupied, here);
    scenario.world.at(150ms, [&] { scenario.world.listen(here, port); });
  });
  expect_success_from(150ms, [](Scenario& scenario) {
    scenario.world.table_readable = false;
    scenario.want(Goal::free, here);
    auto& listener = scenario.world.listen(here, port);
    scenario.world.at(150ms, [&] { scenario.world.close(listener); });
  });
}

void a_port_that_got_bindable_or_drained_is_seen_by_the_final_probe() {
  expect_success_from(150ms, [](Scenario& scenario) {
    scenario.want(Goal::bindable, here);
    auto& listener = scenario.world.listen(here, port);
    scenario.world.at(150ms, [&] { scenario.world.close(listener, Notice::missing); });
  });
  expect_success_from(150ms, [](Scenario& scenario) {
    scenario.want(Goal::drained, here);
    scenario.world.connect(here, port, os::SocketKind::connected);
    scenario.world.at(150ms, [&] { scenario.world.drain(port, Notice::missing); });
  });
}

void an_answer_of_another_machine_comes_before_or_after() {
  for (const Duration trip : {1ms, 30ms, 399ms}) {
    expect_as_without_deadline([&](Scenario& scenario) {
      scenario.want(Goal::occupied, far);
      scenario.world.server(far, port).round_trip = trip;
    });
  }
}

void a_server_on_another_machine_starts() {
  expect_as_without_deadline([](Scenario& scenario) {
    scenario.want(Goal::occupied, far);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 7ms;
    server.behavior = Behavior::refuse;
    scenario.world.at(150ms, [&] { server.behavior = Behavior::accept; });
  });
  expect_as_without_deadline([](Scenario& scenario) {
    scenario.want(Goal::occupied, far);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 7ms;
    server.behavior = Behavior::silence;
    scenario.world.at(150ms, [&] { server.behavior = Behavior::accept; });
  });
}

void a_server_on_another_machine_closes() {
  expect_as_without_deadline([](Scenario& scenario) {
    scenario.want(Goal::free, far);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 7ms;
    scenario.world.at(150ms, [&] { server.behavior = Behavior::refuse; });
  });
}

void a_name_has_its_answer() {
  for (const Duration delay : {0ms, 20ms, 250ms}) {
    expect_as_without_deadline([&](Scenario& scenario) {
      scenario.want(Goal::occupied, "db.example");
      scenario.world.name("db.example", {far}).delay = delay;
      scenario.world.server(far, port).round_trip = 7ms;
    });
  }
}

void a_connection_gets_stable() {
  expect_as_without_deadline([](Scenario& scenario) {
    scenario.want(Goal::occupied, far);
    scenario.waiter.settings().stable = 150ms;
    scenario.world.server(far, port).round_trip = 7ms;
  });
}

void a_process_ends_before_or_after() {
  for_each_deadline(
      [](Scenario& scenario) {
        scenario.want(Goal::occupied, here);
        scenario.waiter.settings().process = 77;
        scenario.world.at(150ms, [&] { scenario.world.kill(77); });
      },
      [](Duration deadline, Outcome outcome, Duration elapsed) {
        expect_equal(outcome, deadline >= 150ms ? Outcome::gone : Outcome::timed_out);
        if (outcome == Outcome::gone) expect_equal(elapsed, Duration(150ms));
      });
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_listener_that_opened_is_seen_by_the_final_probe),
      unit(no_state_is_dated_before_it_began),
      unit(a_listener_that_closed_is_seen_by_the_final_probe),
      unit(without_the_table_the_final_probe_connects),
      unit(a_port_that_got_bindable_or_drained_is_seen_by_the_final_probe),
      unit(an_answer_of_another_machine_comes_before_or_after),
      unit(a_server_on_another_machine_starts),
      unit(a_server_on_another_machine_closes),
      unit(a_name_has_its_answer),
      unit(a_connection_gets_stable),
      unit(a_process_ends_before_or_after),
  };
  return run_scenarios("scenarios/deadlines", tests);
}
