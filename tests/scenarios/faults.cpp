// SPDX-License-Identifier: MIT
// A system that refuses calls, and a process that is stopped for a while: contract, section 3.9.
#include <system_error>

#include "fake_os/system/files.hpp"
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;
using fake::World;

namespace {

/// A wait that ends by itself within some seconds.
struct Wait {
  const char* name;
  Outcome outcome;
  std::function<void(Scenario&)> prepare;
};

const std::vector<Wait> waits{
    {"an existing listener", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, here);
       scenario.world.listen(here, port);
     }},
    {"a listener that comes", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, here);
       scenario.world.after(50ms, [&] { scenario.world.listen(here, port); });
     }},
    {"a listener that leaves", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::free, here);
       auto& listener = scenario.world.listen(here, port);
       scenario.world.after(50ms, [&] { scenario.world.close(listener); });
     }},
    {"a listener with a full queue that leaves", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::free, here);
       auto& listener = scenario.world.listen(here, port, {.backlog_full = true});
       scenario.world.after(50ms, [&] { scenario.world.close(listener); });
     }},
    {"a closed port", Outcome::reached, [](Scenario& scenario) { scenario.want(Goal::free, here); }},
    {"a closed port that is wanted", Outcome::timed_out,
     [](Scenario& scenario) { scenario.want(Goal::occupied, here); }},
    {"another machine", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, far);
       scenario.world.server(far, port).round_trip = 20ms;
     }},
    {"another machine that drops SYNs at first", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, far);
       auto& server = scenario.world.server(far, port);
       server.behavior = Behavior::silence;
       scenario.world.after(500ms, [&] { server.behavior = Behavior::accept; });
     }},
    {"another machine that refuses later", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::free, far);
       auto& server = scenario.world.server(far, port);
       scenario.world.after(500ms, [&] { server.behavior = Behavior::refuse; });
     }},
    {"many machines", Outcome::reached,
     [](Scenario& scenario) {
       for (int i = 0; i < 20; ++i) {
         const auto host = "10.3.0." + std::to_string(i);
         scenario.want(Goal::occupied, host);
         scenario.world.server(host, port).round_trip = 20ms;
       }
     }},
    {"a name", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, "db.example");
       scenario.world.name("db.example", {far}).delay = 10ms;
       scenario.world.server(far, port).round_trip = 20ms;
     }},
    {"a stable connection", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, far);
       scenario.waiter.settings().stable = 100ms;
       scenario.world.server(far, port).round_trip = 20ms;
     }},
    {"a port that gets bindable", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::bindable, here);
       auto& listener = scenario.world.listen(here, port);
       scenario.world.after(50ms, [&] { scenario.world.close(listener); });
     }},
    {"a port that drains", Outcome::reached,
     [](Scenario& scenario) {
       scenario.want(Goal::drained, here);
       scenario.world.connect(here, port, os::SocketKind::connected);
       scenario.world.after(50ms, [&] { scenario.world.drain(port); });
     }},
    {"a process", Outcome::gone,
     [](Scenario& scenario) {
       scenario.want(Goal::occupied, far);
       scenario.waiter.settings().process = 77;
       scenario.world.server(far, port).behavior = Behavior::refuse;
       scenario.world.after(50ms, [&] { scenario.world.kill(77); });
     }},
};

enum class Table : std::uint8_t { readable, unreadable };

/// Runs the wait with one descriptor refused, and again without. False if it needs fewer descriptors.
bool survives(const Wait& wait, Table table, int refused, World::Lasting lasting) {
  Scenario scenario;
  wait.prepare(scenario);
  scenario.world.table_readable = table == Table::readable;
  scenario.world.refuse_descriptor(refused, lasting);
  try {
    const auto outcome = scenario.run(5s);
    if (lasting == World::Lasting::once) expect_equal(outcome, wait.outcome);
  } catch (const std::system_error& failure) {
    expect_equal(failure.code().value(), EMFILE);
  }
  const bool was_refused = scenario.world.opened() >= refused;
  scenario.world.refuse_descriptor(-1);
  scenario.waiter.reset();
  scenario.world.finish_lookups();
  expect_equal(scenario.run(5s), wait.outcome);
  return was_refused;
}

void a_descriptor_that_is_refused_ends_well_at_each_step() {
  for (const auto lasting : {World::Lasting::once, World::Lasting::forever}) {
    for (const auto table : {Table::readable, Table::unreadable}) {
      for (const auto& wait : waits) {
        run_rows({{wait.name, [&, lasting] {
                     int refused = 0;
                     while (refused < 40 && survives(wait, table, refused, lasting)) ++refused;
                     expect(refused >= 1);
                   }}});
      }
    }
  }
}

void a_refusal_of_the_system_is_reported_and_temporary() {
  struct Case {
    Behavior behavior;
    int error;
  };
  for (const auto& [behavior, error] :
       {Case{Behavior::no_ports, EADDRNOTAVAIL}, Case{Behavior::no_buffers, ENOBUFS}}) {
    for (const auto& host : {far, here}) {
      Scenario scenario(Goal::occupied, host);
      scenario.world.table_readable = false;
      auto& server = scenario.world.server(host, port);
      server.behavior = behavior;
      int told = 0;
      try {
        scenario.run(1s);
      } catch (const std::system_error& failure) {
        told = failure.code().value();
      }
      expect_equal(told, error);
      expect_equal(scenario.world.open_count(), scenario.world.files_of<fake::WakeupFile>().size());
      server.behavior = Behavior::accept;
      expect_equal(scenario.run(1s), Outcome::reached);
    }
  }
}

void a_process_that_is_stopped_keeps_its_outcome() {
  for (const auto& wait : waits) {
    if (wait.outcome == Outcome::timed_out) continue;
    for (const Duration length : {1ms, 100ms, 1000ms, 3600000ms}) {
      for (const Duration when : {0ms, 1ms, 10ms, 25ms, 49ms, 51ms, 300ms, 501ms}) {
        run_rows({{wait.name, [&] {
                     Scenario scenario;
                     wait.prepare(scenario);
                     scenario.world.at(when, [&] { scenario.world.jump(length); });
                     expect_equal(scenario.run(), wait.outcome);
                     expect(scenario.elapsed() <= when + length + 2s);
                   }}});
      }
    }
  }
}

void a_deadline_that_passes_meanwhile_gets_a_final_probe() {
  run_rows({
      {"a listener came",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.at(100ms, [&] {
           scenario.world.listen(here, port);
           scenario.world.jump(1h);
         });
         scenario.expect_end(Outcome::reached, Reason::listening, 1h + 100ms, 10s);
       }},
      {"a listener left without notice",
       [] {
         Scenario scenario(Goal::free, here);
         auto& listener = scenario.world.listen(here, port);
         scenario.world.at(100ms, [&] {
           scenario.world.close(listener, Notice::missing);
           scenario.world.jump(1h);
         });
         scenario.expect_end(Outcome::reached, Reason::refused, 1h + 100ms, 10s);
       }},
      {"an answer arrived",
       [] {
         Scenario scenario(Goal::occupied, far);
         scenario.world.server(far, port).round_trip = 50ms;
         scenario.world.at(10ms, [&] { scenario.world.jump(1h); });
         scenario.expect_end(Outcome::reached, Reason::accepted, 1h + 10ms, 10s);
       }},
      {"nothing happened",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.at(100ms, [&] { scenario.world.jump(1h); });
         scenario.expect_end(Outcome::timed_out, Reason::refused, 1h + 100ms, 10s);
       }},
  });
}

void time_that_passes_while_stopped_is_no_silence() {
  for (const Duration when : {1100ms, 2000ms, 5000ms}) {
    Scenario scenario(Goal::free, far);
    auto& server = scenario.world.server(far, port);
    server.round_trip = 5ms;
    scenario.world.at(when - 500ms, [&] { server.behavior = Behavior::silence; });
    scenario.world.at(when + 600ms, [&] {
      scenario.world.jump(1h);
      server.behavior = Behavior::accept;
    });
    expect_equal(scenario.run(2h), Outcome::timed_out);
    expect_equal(scenario.target().state, State::occupied);
  }
}

void no_burst_of_connections_follows_a_stop() {
  Scenario scenario(Goal::free, far);
  auto& server = scenario.world.server(far, port);
  scenario.world.at(10s, [&] { scenario.world.jump(1h); });
  expect_equal(scenario.run(2h), Outcome::timed_out);
  const auto& attempts = server.contacts.attempts;
  for (std::size_t i = 1; i < attempts.size(); ++i) {
    if (attempts[i - 1] > 3s) expect(attempts[i] - attempts[i - 1] >= 1s - 20ms);
  }
}

void a_slow_socket_table_gets_a_share_of_the_processor() {
  for (const Duration cost : {2ms, 10ms, 50ms}) {
    Scenario scenario(Goal::occupied, here);
    scenario.world.cost_of_table = cost;
    expect_equal(scenario.run(60s), Outcome::timed_out);
    // 5 % for the readings, plus one at the deadline.
    expect(scenario.world.table_reads * cost <= 60s / 20 + 4 * cost);
  }
}

void a_wait_for_many_is_canceled_as_soon_as_one_for_few() {
  Scenario scenario;
  scenario.world.cost_of_connect = 100us;
  for (int i = 0; i < 400; ++i) {
    const auto host = "10.4." + std::to_string(i / 200) + "." + std::to_string(i % 200);
    scenario.want(Goal::occupied, host);
    scenario.world.server(host, port).behavior = Behavior::silence;
  }
  scenario.world.at(1ms, [&] { scenario.waiter.cancel(); });
  expect_equal(scenario.run(60s), Outcome::canceled);
  expect(scenario.elapsed() <= 15ms);
}

void a_family_that_policy_refuses_counts_as_lacking() {
  for (const int error : {EAFNOSUPPORT, EPERM, EACCES, ENOSYS}) {
    for (const bool table_readable : {true, false}) {
      Scenario scenario(Goal::free, "localhost");
      scenario.world.lacks_ipv6 = true;
      scenario.world.ipv6_error = error;
      scenario.world.table_readable = table_readable;
      scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
    }
  }
}

void without_any_family_the_refusal_ends_the_wait() {
  for (const int error : {EPERM, EACCES, ENOSYS}) {
    Scenario scenario(Goal::free, "::1");
    scenario.world.lacks_ipv6 = true;
    scenario.world.ipv6_error = error;
    scenario.world.table_readable = false;
    try {
      scenario.run(1s);
      expect(false);
    } catch (const std::system_error& failure) {
      expect_equal(failure.code().value(), error);
    }
    expect_equal(scenario.elapsed(), Duration(0));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_descriptor_that_is_refused_ends_well_at_each_step),
      unit(a_refusal_of_the_system_is_reported_and_temporary),
      unit(a_process_that_is_stopped_keeps_its_outcome),
      unit(a_deadline_that_passes_meanwhile_gets_a_final_probe),
      unit(time_that_passes_while_stopped_is_no_silence),
      unit(no_burst_of_connections_follows_a_stop),
      unit(a_slow_socket_table_gets_a_share_of_the_processor),
      unit(a_wait_for_many_is_canceled_as_soon_as_one_for_few),
      unit(a_family_that_policy_refuses_counts_as_lacking),
      unit(without_any_family_the_refusal_ends_the_wait),
  };
  return run_scenarios("scenarios/faults", tests);
}
