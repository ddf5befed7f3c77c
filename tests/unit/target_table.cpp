// SPDX-License-Identifier: MIT
#include "unit/target_bench.hpp"

#include <array>
#include <optional>
#include <vector>

using namespace portend;
using namespace portend::test;

namespace {

constexpr std::array all_seen{Reason::none,        Reason::accepted,     Reason::refused,  Reason::silent,
                              Reason::unreachable, Reason::backlog_full, Reason::listening};

bool is_listener(Reason seen) {
  return seen == Reason::accepted || seen == Reason::backlog_full || seen == Reason::listening;
}

/// As in the manual: occupied if one candidate accepts, free if every candidate is known not to.
State state_of(Reason first, Reason second) {
  if (is_listener(first) || is_listener(second)) return State::occupied;
  return first == Reason::none || second == Reason::none ? State::unknown : State::free;
}

/// By rank: a listener, a refusal, silence, an unreachable address.
Reason reason_of(Reason first, Reason second) {
  if (is_listener(first)) return first;
  if (is_listener(second)) return second;
  for (const auto reason : {Reason::refused, Reason::silent, Reason::unreachable}) {
    if (first == reason || second == reason) return reason;
  }
  return Reason::none;
}

void two_candidates_and_what_was_seen_there_make_a_state() {
  for (const auto goal : {Goal::occupied, Goal::free, Goal::watch}) {
    for (const auto first : all_seen) {
      for (const auto second : all_seen) {
        Bench bench(goal);
        bench.set_addresses({first_ip, second_ip});
        if (first != Reason::none) bench.saw(0, first);
        const bool decided = bench.known().reached;
        if (second != Reason::none && !decided) bench.saw(1, second);
        const auto counted = decided ? Reason::none : second;
        expect_equal(bench.known().state, state_of(first, counted));
        expect_equal(bench.known().reason, reason_of(first, counted));
        const bool wanted = (goal == Goal::occupied && bench.known().state == State::occupied) ||
                            (goal == Goal::free && bench.known().state == State::free);
        expect_equal(bench.known().reached, wanted);
        expect_equal(bench.table.reached(Mode::all), wanted);
        expect_equal(bench.table.reached(Mode::any), wanted);
      }
    }
  }
}

void the_address_that_decides_is_reported() {
  Bench bench(Goal::watch);
  bench.set_addresses({first_ip, second_ip});
  expect(!bench.known().decided_by);
  bench.saw(0, Reason::silent);
  expect(bench.known().decided_by == first_ip);
  bench.saw(1, Reason::refused);
  expect(bench.known().decided_by == second_ip);
  bench.saw(0, Reason::accepted);
  expect(bench.known().decided_by == first_ip);
}

void each_change_is_an_event_and_nothing_else_is() {
  Bench bench(Goal::watch);
  bench.set_addresses({first_ip, second_ip});
  expect(!bench.event());
  bench.saw(0, Reason::refused);
  expect(!bench.event());
  const auto before = os::Clock::now();
  bench.saw(1, Reason::unreachable);
  const auto free = bench.event();
  expect(free && free->state == State::free && free->reason == Reason::refused);
  expect(free->at >= before && free->at <= os::Clock::now());
  bench.saw(1, Reason::silent);
  bench.saw(1, Reason::refused);
  expect(!bench.event());
  bench.saw(1, Reason::listening);
  const auto occupied = bench.event();
  expect(occupied && occupied->state == State::occupied && occupied->decided_by == second_ip);
  bench.saw(1, Reason::accepted);
  bench.saw(0, Reason::backlog_full);
  bench.saw(1, Reason::refused);
  expect(!bench.event());
  bench.saw(0, Reason::refused);
  expect(bench.event()->state == State::free);
  expect(!bench.event());
}

void what_is_reached_stays_reached() {
  Bench bench(Goal::occupied);
  bench.set_addresses({first_ip});
  bench.saw(0, Reason::accepted);
  const auto reached_at = bench.event()->at;
  expect_equal(bench.known().state, State::occupied);
  expect(!bench.table.is_open(bench.candidate(0)));
  bench.saw(0, Reason::refused);
  expect_equal(bench.known().state, State::occupied);
  expect(bench.known().reached_at == reached_at);
  expect(!bench.event());
  expect(bench.table.reached(Mode::all));
  expect(!bench.table.has_open_targets());
  expect(bench.table.take_reached() == std::vector<TargetId>{bench.target});
  expect(bench.table.take_reached().empty());
}

void a_name_that_moves_takes_what_was_seen_with_it() {
  Bench bench(Goal::watch);
  bench.set_addresses({first_ip, second_ip});
  expect(bench.removed.empty() && bench.added.size() == 2);
  bench.saw(0, Reason::refused);
  const auto kept = bench.candidate(1);
  const auto given_up = bench.candidate(0);

  bench.set_addresses({second_ip, third_ip});
  expect(bench.removed == std::vector{given_up});
  expect(bench.added.size() == 1 && bench.added[0] != given_up && bench.added[0] != kept);
  expect(!bench.table.is_open(given_up));
  expect_equal(bench.known().state, State::unknown);
  bench.saw(0, Reason::refused);
  expect_equal(bench.known().state, State::unknown);
  bench.saw(1, Reason::refused);
  expect_equal(bench.known().state, State::free);

  bench.set_addresses({first_ip, second_ip, third_ip});
  expect(bench.removed.empty() && bench.added == std::vector{given_up});  // its slot is reused
  expect_equal(bench.table.candidates()[given_up].finding.reason, Reason::none);
  expect_equal(bench.known().state, State::free);  // until more is known
}

void dropping_the_last_unknown_candidate_decides() {
  Bench bench(Goal::free);
  bench.set_addresses({first_ip, second_ip});
  bench.saw(0, Reason::refused);
  expect(!bench.known().reached);
  bench.set_addresses({first_ip});
  expect(bench.known().reached);
}

void the_same_candidates_again_change_nothing() {
  Bench bench(Goal::watch);
  bench.set_addresses({first_ip, second_ip});
  bench.saw(0, Reason::accepted);
  bench.event();
  bench.set_addresses({second_ip, first_ip});
  expect(bench.removed.empty() && bench.added.empty());
  expect_equal(bench.known().state, State::occupied);
  expect(!bench.event());
}

void a_name_without_an_address_is_lost_or_awaited() {
  Bench bench(Goal::occupied);
  bench.table.set_unresolved(0, false, "no such name");
  expect_equal(bench.known().reason, Reason::unresolved);
  expect(!bench.table.cannot_succeed(Mode::all) && !bench.table.cannot_succeed(Mode::any));
  bench.set_addresses({first_ip});
  expect_equal(bench.known().reason, Reason::none);
  bench.table.set_unresolved(0, false, "no such name");
  expect_equal(bench.known().reason, Reason::none);  // the host keeps its addresses
  bench.table.set_unresolved(0, true, "no such name");
  bench.table.set_unresolved(0, true, "no such name");
  expect(bench.table.cannot_succeed(Mode::all) && bench.table.cannot_succeed(Mode::any));
}

void all_need_each_and_any_needs_one() {
  TargetTable table;
  const std::array targets{table.add("a", 80, Goal::occupied), table.add("b", 81, Goal::free),
                           table.add("c", 82, Goal::watch)};
  table.begin(start);
  std::vector<CandidateId> removed;
  std::vector<CandidateId> added;
  const std::array<ResolvedAddress, 1> addresses{{{first_ip, wait::Locality::local}}};
  for (const auto target : targets) table.set_addresses(target, addresses, start, removed, added);
  expect(!table.reached(Mode::any));
  table.record(table.targets()[targets[2]].candidates[0], finding(Reason::accepted), start);
  expect(!table.reached(Mode::any));
  table.record(table.targets()[targets[1]].candidates[0], finding(Reason::refused), start);
  expect(table.reached(Mode::any) && !table.reached(Mode::all));
  table.set_unresolved(0, true, "no such name");
  expect(table.cannot_succeed(Mode::all) && !table.cannot_succeed(Mode::any));
  table.set_unresolved(2, true, "no such name");  // no target has this host
  expect(!table.cannot_succeed(Mode::any));
  table.record(table.targets()[targets[0]].candidates[0], finding(Reason::backlog_full), start);
  expect(table.reached(Mode::all));
  expect(table.has_open_targets());
}

void a_new_begin_forgets_everything_but_the_targets() {
  Bench bench(Goal::occupied);
  bench.set_addresses({first_ip, second_ip});
  bench.saw(0, Reason::accepted);
  bench.table.count_probe(bench.candidate(0));
  bench.table.set_unresolved(0, true, "no such name");
  bench.table.begin(start + 1h);
  const auto& target = bench.known();
  expect(target.port == 80 && target.goal == Goal::occupied && target.state == State::unknown);
  expect(!target.reached && !target.unresolvable && target.candidates.empty() && !target.decided_by);
  expect(target.probes == 0 && target.since == start + 1h);
  expect(!bench.event() && bench.table.take_reached().empty());
  expect(!bench.table.reached(Mode::any) && !bench.table.cannot_succeed(Mode::any));
  expect_equal(bench.table.candidates().size(), std::size_t{0});
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(two_candidates_and_what_was_seen_there_make_a_state),
      unit(the_address_that_decides_is_reported),
      unit(each_change_is_an_event_and_nothing_else_is),
      unit(what_is_reached_stays_reached),
      unit(a_name_that_moves_takes_what_was_seen_with_it),
      unit(dropping_the_last_unknown_candidate_decides),
      unit(the_same_candidates_again_change_nothing),
      unit(a_name_without_an_address_is_lost_or_awaited),
      unit(all_need_each_and_any_needs_one),
      unit(a_new_begin_forgets_everything_but_the_targets),
  };
  return cmocka_run_group_tests_name("wait/table", tests, nullptr, nullptr);
}
