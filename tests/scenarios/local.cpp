// SPDX-License-Identifier: MIT
// Servers of this machine, by its socket table: contract, sections 3.1, 3.2, 3.4 and 3.7.
#include "scenarios/scenario.hpp"

using namespace portend;
using namespace portend::test;

namespace {

/// Must be the first test of this program: the engine checks the table once per process.
void a_table_that_lies_decides_nothing() {
  run_rows({
      {"a listener is found by connecting",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.table_lies = true;
         scenario.world.listen(here, port);
         scenario.expect_end(Outcome::reached, Reason::accepted, 0ms);
       }},
      {"a listener keeps a port from being free",
       [] {
         Scenario scenario(Goal::free, here);
         scenario.world.table_lies = true;
         scenario.world.listen(here, port);
         expect_equal(scenario.run(300ms), Outcome::timed_out);
       }},
  });
}

const std::vector<Row> states_that_hold{
    {"listening",
     [] {
       Scenario scenario(Goal::occupied, here);
       auto& listener = scenario.world.listen(here, port);
       scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
       expect_equal(scenario.world.sleeps, 0);
       expect(listener.server.contacts.attempts.empty());
     }},
    {"not listening",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
       expect_equal(scenario.world.sleeps, 0);
     }},
    {"by the wildcard address",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.world.listen("0.0.0.0", port);
       scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
     }},
    {"by a dual-stack socket",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.world.listen("::", port, {.dual_stack = true});
       scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
     }},
    {"an IPv6 wildcard does not take IPv4",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.world.listen("::", port);
       scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
     }},
    {"another address does not count",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.world.listen("127.0.0.2", port);
       scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
     }},
    {"another port does not count",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.world.listen(here, port + 1);
       scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
     }},
    {"a full accept queue",
     [] {
       Scenario scenario(Goal::occupied, here);
       auto& listener = scenario.world.listen(here, port, {.backlog_full = true});
       scenario.expect_end(Outcome::reached, Reason::backlog_full, 0ms);
       expect(listener.server.contacts.attempts.empty());
     }},
    {"localhost is both loopback addresses",
     [] {
       Scenario scenario(Goal::occupied, "localhost");
       scenario.world.listen("::1", port);
       scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
     }},
    {"an own address that is not loopback",
     [] {
       Scenario scenario(Goal::occupied, "192.0.2.1");
       scenario.world.own_addresses.insert("192.0.2.1");
       auto& listener = scenario.world.listen("0.0.0.0", port);
       scenario.expect_end(Outcome::reached, Reason::listening, 0ms);
       expect(listener.server.contacts.attempts.empty());
     }},
};

void a_state_that_holds_returns_without_sleeping() { run_rows(states_that_hold); }

/// How late a server that starts after `when` may be detected.
Duration arrival_bound(Duration when) { return std::max<Duration>(1ms, when / 85 + 10ms); }

void a_server_that_starts_is_seen_and_gets_no_connection() {
  for (const Duration when : {1ms, 2ms, 7ms, 50ms, 249ms, 251ms, 999ms, 5000ms, 60000ms, 3600000ms}) {
    Scenario scenario(Goal::occupied, here);
    fake::Listener* listener = nullptr;
    scenario.world.at(when, [&] { listener = &scenario.world.listen(here, port); });
    scenario.expect_end_within(Outcome::reached, Reason::listening, when, when + arrival_bound(when));
    expect(listener->server.contacts.attempts.empty());
  }
}

void a_server_that_closes_is_noticed_at_once_and_gets_no_connection() {
  struct Departure {
    Notice notice;
    Duration latest;
  };
  for (const auto& [notice, latest] :
       {Departure{Notice::given, 0ms}, {Notice::lost, 0ms}, {Notice::missing, 250ms}}) {
    for (const Duration when : {1ms, 20ms, 100ms, 249ms, 250ms, 1234ms, 100000ms}) {
      Scenario scenario(Goal::free, here);
      auto& listener = scenario.world.listen(here, port);
      scenario.world.at(when, [&, notice = notice] { scenario.world.close(listener, notice); });
      scenario.expect_end_within(Outcome::reached, Reason::refused, when, when + latest);
      expect(listener.server.contacts.attempts.empty());
    }
  }
}

void a_server_that_closes_is_noticed_without_a_notice_of_the_kernel() {
  for (const Duration when : {1ms, 100ms, 5000ms}) {
    Scenario scenario(Goal::free, here);
    scenario.world.notices_given = false;
    auto& listener = scenario.world.listen(here, port);
    scenario.world.at(when, [&] { scenario.world.close(listener); });
    scenario.expect_end_within(Outcome::reached, Reason::refused, when, when + arrival_bound(when));
    expect(listener.server.contacts.attempts.empty());
  }
}

const std::vector<Row> redirections{
    {"a redirected port has no listener",
     [] {
       Scenario scenario(Goal::occupied, here);
       auto& redirected = scenario.world.server(here, port);
       scenario.expect_end(Outcome::reached, Reason::accepted, 0ms);
       expect_equal(redirected.contacts.abandoned, 1);
       expect_equal(redirected.contacts.accepted, 0);
     }},
    {"it is not free",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.world.server(here, port);
       expect_equal(scenario.run(2s), Outcome::timed_out);
       expect_equal(scenario.target().state, State::occupied);
     }},
    {"it is redirected later",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.world.at(500ms, [&] { scenario.world.server(here, port); });
       scenario.expect_end_within(Outcome::reached, Reason::accepted, 500ms, 540ms);
     }},
    {"a listener that goes leaves the redirection",
     [] {
       Scenario scenario(Goal::free, here);
       auto& listener = scenario.world.listen(here, port);
       scenario.world.server(here, port);
       scenario.world.at(100ms, [&] { scenario.world.close(listener); });
       expect_equal(scenario.run(2s), Outcome::timed_out);
       expect_equal(scenario.target().reason, Reason::accepted);
     }},
    {"a connection to itself is not a listener",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.world.server(here, port).behavior = Behavior::itself;
       scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
     }},
    {"a server that comes is met before its redirection",
     [] {
       Scenario scenario(Goal::occupied, here);
       auto& closed = scenario.world.server(here, port);
       closed.behavior = Behavior::refuse;
       fake::Listener* listener = nullptr;
       scenario.world.at(30ms, [&] { listener = &scenario.world.listen(here, port); });
       scenario.expect_end_within(Outcome::reached, Reason::listening, 30ms, 32ms);
       expect(listener->server.contacts.attempts.empty());
     }},
};

void a_closed_port_is_verified_by_connecting() { run_rows(redirections); }

void without_the_socket_table_a_connection_decides() {
  run_rows({
      {"accepted",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.table_readable = false;
         auto& listener = scenario.world.listen(here, port);
         scenario.expect_end(Outcome::reached, Reason::accepted, 0ms);
         expect_equal(listener.server.contacts.accepted, 0);
       }},
      {"refused",
       [] {
         Scenario scenario(Goal::free, here);
         scenario.world.table_readable = false;
         scenario.expect_end(Outcome::reached, Reason::refused, 0ms);
       }},
      {"it comes",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.table_readable = false;
         scenario.world.at(700ms, [&] { scenario.world.listen(here, port); });
         scenario.expect_end_within(Outcome::reached, Reason::accepted, 700ms, 710ms);
       }},
      {"a full accept queue is not an answer, and the port is in use",
       [] {
         Scenario scenario(Goal::occupied, here);
         scenario.world.table_readable = false;
         scenario.world.listen(here, port, {.backlog_full = true});
         scenario.expect_end(Outcome::reached, Reason::backlog_full, 0ms);
       }},
      {"silence without a listener proves nothing",
       [] {
         Scenario scenario(Goal::free, here);
         scenario.world.table_readable = false;
         scenario.world.server(here, port).behavior = Behavior::silence;
         expect_equal(scenario.run(10s), Outcome::timed_out);
         expect_equal(scenario.target().state, State::unknown);
       }},
  });
}

const std::vector<Row> evidences{
    {"a connection even to a listener, closed by FIN",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.waiter.settings().evidence = Evidence::connection;
       auto& listener = scenario.world.listen(here, port);
       listener.server.greeting = 100;
       scenario.expect_end(Outcome::reached, Reason::accepted, 0ms);
       expect_equal(listener.server.contacts.attempts.size(), std::size_t{1});
       expect_equal(listener.server.contacts.accepted, 1);
       expect_equal(listener.server.contacts.ended_by_fin, 1);
       expect_equal(listener.server.contacts.ended_by_reset, 0);
     }},
    {"the table alone: no connection for occupied",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.waiter.settings().evidence = Evidence::table;
       auto& redirected = scenario.world.server(here, port);
       expect_equal(scenario.run(1s), Outcome::timed_out);
       expect(redirected.contacts.attempts.empty());
     }},
    {"the table alone: no connection for free",
     [] {
       Scenario scenario(Goal::free, here);
       scenario.waiter.settings().evidence = Evidence::table;
       auto& redirected = scenario.world.server(here, port);
       scenario.expect_end(Outcome::reached, Reason::not_listening, 0ms);
       expect(redirected.contacts.attempts.empty());
     }},
    {"the table alone says nothing of another machine",
     [] {
       Scenario scenario(Goal::occupied, far);
       scenario.waiter.settings().evidence = Evidence::table;
       expect_equal(scenario.run(1s), Outcome::unsupported);
       expect(scenario.world.server(far, port).contacts.attempts.empty());
     }},
    {"the table alone, if it cannot be read",
     [] {
       Scenario scenario(Goal::occupied, here);
       scenario.world.table_readable = false;
       scenario.waiter.settings().evidence = Evidence::table;
       expect_equal(scenario.run(1s), Outcome::unsupported);
     }},
};

void the_evidence_is_what_the_caller_asks_for() { run_rows(evidences); }

void what_a_policy_forbids_is_reported() {
  for (const int error : {EPERM, EACCES}) {
    Scenario scenario(Goal::occupied, here);
    scenario.world.table_readable = false;
    auto& server = scenario.world.server(here, port);
    server.behavior = Behavior::forbidden;
    server.error = error;
    scenario.expect_end(Outcome::timed_out, Reason::forbidden, 200ms, 200ms);
    expect_equal(scenario.target().error, error);
    expect_equal(scenario.target().state, State::unknown);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_table_that_lies_decides_nothing),
      unit(a_state_that_holds_returns_without_sleeping),
      unit(a_server_that_starts_is_seen_and_gets_no_connection),
      unit(a_server_that_closes_is_noticed_at_once_and_gets_no_connection),
      unit(a_server_that_closes_is_noticed_without_a_notice_of_the_kernel),
      unit(a_closed_port_is_verified_by_connecting),
      unit(without_the_socket_table_a_connection_decides),
      unit(the_evidence_is_what_the_caller_asks_for),
      unit(what_a_policy_forbids_is_reported),
  };
  return run_scenarios("scenarios/local", tests);
}
