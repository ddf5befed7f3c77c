// SPDX-License-Identifier: MIT
// The state of a target follows from the findings of its candidates.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "unit/target_bench.hpp"

using namespace portend;
using namespace portend::test;

namespace {

/// All pairs of verdicts of two candidates: any occupied one decides, and every other state needs all of
/// those that count.
void two_verdicts_make_a_state() {
  using wait::Verdict;
  constexpr std::array verdicts{Verdict::undecided, Verdict::occupied, Verdict::free,
                                Verdict::bindable,  Verdict::drained,  Verdict::absent};
  for (const auto first : verdicts) {
    for (const auto second : verdicts) {
      Bench bench(Goal::watch);
      bench.set_addresses({first_ip, second_ip});
      bench.table.record(bench.candidate(0), {Reason::refused, first}, start);
      bench.table.record(bench.candidate(1), {Reason::refused, second}, start);
      const bool occupied = first == Verdict::occupied || second == Verdict::occupied;
      const auto counted = first == Verdict::absent ? second : first;
      const bool agree = first == second || first == Verdict::absent || second == Verdict::absent;
      const auto expected = occupied ? State::occupied : agree ? wait::state_of(counted) : State::unknown;
      expect_equal(bench.known().state, expected);
    }
  }
}

void each_goal_is_reached_by_its_state_alone() {
  using wait::Verdict;
  struct Pair {
    Goal goal;
    Verdict verdict;
  };
  constexpr std::array pairs{Pair{Goal::occupied, Verdict::occupied}, Pair{Goal::free, Verdict::free},
                             Pair{Goal::bindable, Verdict::bindable}, Pair{Goal::drained, Verdict::drained}};
  for (const auto& [goal, wanted] : pairs) {
    for (const auto& [other_goal, verdict] : pairs) {
      Bench bench(goal);
      bench.set_addresses({first_ip});
      bench.table.record(bench.candidate(0), {Reason::refused, verdict}, start);
      expect_equal(bench.known().reached, verdict == wanted);
      Bench watch(Goal::watch);
      watch.set_addresses({first_ip});
      watch.table.record(watch.candidate(0), {Reason::refused, verdict}, start);
      expect(!watch.known().reached);
    }
  }
}

/// Reasons in order, from the one with the highest rank.
void the_reason_of_the_highest_rank_is_reported() {
  constexpr std::array ranked{Reason::other_owner, Reason::forbidden,   Reason::refused,
                              Reason::silent,      Reason::unreachable, Reason::none};
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    for (std::size_t j = 0; j < ranked.size(); ++j) {
      Bench bench(Goal::watch);
      bench.set_addresses({first_ip, second_ip});
      const auto error = [](Reason reason) -> std::uint16_t { return reason == Reason::forbidden ? 13 : 0; };
      const auto saw = [&](std::size_t candidate, Reason reason) {
        bench.table.record(bench.candidate(candidate), {reason, wait::Verdict::free, error(reason)}, start);
      };
      saw(0, ranked[i]);
      saw(1, ranked[j]);
      const auto expected = ranked[std::min(i, j)];
      expect_equal(bench.known().reason, expected);
      expect_equal(bench.known().error, error(expected));
    }
  }
}

void a_change_of_the_error_alone_is_kept_and_no_event() {
  Bench bench(Goal::watch);
  bench.set_addresses({first_ip});
  bench.table.record(bench.candidate(0), {Reason::forbidden, wait::Verdict::free, 1}, start);
  expect_equal(bench.event()->error, 1);
  bench.table.record(bench.candidate(0), {Reason::forbidden, wait::Verdict::free, 13}, start);
  expect_equal(bench.known().error, 13);
  expect(!bench.event());
}

void a_name_that_vanishes_is_free_on_request() {
  for (const auto goal : {Goal::occupied, Goal::free, Goal::bindable, Goal::drained, Goal::watch}) {
    for (const bool had_addresses : {false, true}) {
      Bench bench(goal);
      if (had_addresses) bench.set_addresses({first_ip});
      bench.table.set_vanished(0, start);
      const bool free = goal == Goal::free && had_addresses;
      expect_equal(bench.known().reached, free);
      expect_equal(bench.known().state, free ? State::free : State::unknown);
      if (free) expect_equal(bench.known().reason, Reason::unresolved);
      expect(!bench.known().decided_by);
    }
  }
}

void the_words_of_the_resolver_are_kept_until_it_has_an_answer() {
  Bench bench(Goal::occupied);
  expect(bench.table.resolver_error(bench.target).empty());
  bench.table.set_unresolved(0, false, "try again");
  expect_equal(bench.table.resolver_error(bench.target), std::string("try again"));
  bench.set_addresses({first_ip});
  expect(bench.table.resolver_error(bench.target).empty());
}

void targets_of_one_host_share_it() {
  TargetTable table;
  const auto first = table.add("a", 80, Goal::occupied);
  const auto second = table.add("a", 81, Goal::free);
  const auto third = table.add("b", 80, Goal::free);
  expect_equal(table.hosts().size(), std::size_t{2});
  expect(&table.host_of(first) == &table.host_of(second) && &table.host_of(first) != &table.host_of(third));
  expect(table.hosts()[0].targets == std::vector({first, second}));
  table.begin(start);
  table.set_unresolved(0, false, "try again");
  expect_equal(table.targets()[second].reason, Reason::unresolved);
  expect_equal(table.targets()[third].reason, Reason::none);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(two_verdicts_make_a_state),
      unit(each_goal_is_reached_by_its_state_alone),
      unit(the_reason_of_the_highest_rank_is_reported),
      unit(a_change_of_the_error_alone_is_kept_and_no_event),
      unit(a_name_that_vanishes_is_free_on_request),
      unit(the_words_of_the_resolver_are_kept_until_it_has_an_answer),
      unit(targets_of_one_host_share_it),
  };
  return cmocka_run_group_tests_name("wait/target_states", tests, nullptr, nullptr);
}
