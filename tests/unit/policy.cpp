// SPDX-License-Identifier: MIT
#include "wait/policy.hpp"

#include <array>
#include <vector>

#include "support/unit.hpp"

using namespace portend;
using namespace portend::wait;
using namespace std::chrono_literals;
using os::Listening;
using policy::Action;
using policy::Plan;
using policy::Sight;
using policy::Situation;
using probe::Answer;

namespace {

const Settings settings;
const Backoff backoff(settings);

Action record(Reason reason, Verdict verdict, Plan connect, int error = 0) {
  return {.record = Finding{reason, verdict, static_cast<std::uint16_t>(error)}, .connect = connect};
}

Action dropping(Action action) {
  action.drop_attempts = true;
  return action;
}

void a_local_candidate_is_looked_up_and_a_remote_one_connected_to() {
  expect_equal(policy::first_probe({.locality = Locality::local}), policy::FirstProbe::socket_table);
  expect_equal(policy::first_probe({.locality = Locality::remote}), policy::FirstProbe::connection);
}

void sights_and_listings_are_each_other() {
  for (const auto listing : {Listening::unknown, Listening::no, Listening::yes, Listening::backlog_full}) {
    expect(policy::listing_of(policy::sight_of(listing)) == listing);
  }
  for (const auto sight :
       {Sight::bindable, Sight::in_use, Sight::forbidden, Sight::absent, Sight::connected, Sight::drained}) {
    expect(!policy::listing_of(sight));
  }
}

const Action believed_listener = dropping(record(Reason::listening, Verdict::occupied, policy::never));
const Action believed_full_queue = dropping(record(Reason::backlog_full, Verdict::occupied, policy::never));

struct SightRow {
  Situation known;
  Sight sight;
  Action action;
};

void check(const std::vector<SightRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto known = rows[i].known;
    known.locality = Locality::local;
    const bool as_wanted = policy::on_sighting(known, rows[i].sight, backoff) == rows[i].action;
    if (!as_wanted) throw test::Failed{"row " + std::to_string(i), __FILE__, __LINE__};
  }
}

void a_listener_is_believed() {
  check({
      {{}, Sight::listening, believed_listener},
      {{}, Sight::backlog_full, believed_full_queue},
      {{.reason = Reason::refused}, Sight::listening, believed_listener},
      {{.listing = Listening::no}, Sight::listening, believed_listener},
      {{.attempts = 3}, Sight::listening, believed_listener},
      {{.evidence = Evidence::table}, Sight::listening, believed_listener},
      {{.once = true}, Sight::backlog_full, believed_full_queue},
      {{.listing = Listening::yes, .reason = Reason::listening}, Sight::backlog_full, believed_full_queue},
      {{.listing = Listening::backlog_full, .reason = Reason::backlog_full},
       Sight::listening,
       believed_listener},
      {{.listing = Listening::yes, .reason = Reason::other_owner}, Sight::listening, believed_listener},
  });
}

void a_listener_that_is_known_changes_nothing() {
  check({
      {{.listing = Listening::yes, .reason = Reason::listening}, Sight::listening, {}},
      {{.listing = Listening::backlog_full, .reason = Reason::backlog_full}, Sight::backlog_full, {}},
  });
}

void a_new_listener_gets_one_connection_on_request() {
  const Action connect{.connect = policy::at_once};
  check({
      {{.needs_connection = true}, Sight::listening, connect},
      {{.needs_connection = true}, Sight::backlog_full, connect},
      {{.needs_connection = true, .listing = Listening::no}, Sight::listening, connect},
      {{.needs_connection = true, .reason = Reason::refused}, Sight::listening, connect},
      {{.needs_connection = true, .listing = Listening::yes}, Sight::listening, {}},
      {{.needs_connection = true, .listing = Listening::backlog_full}, Sight::listening, {}},
      {{.needs_connection = true, .attempts = 1}, Sight::listening, {}},
  });
}

void the_absence_of_a_listener_is_verified_by_connecting() {
  const Action connect{.connect = policy::at_once};
  const Action free = record(Reason::not_listening, Verdict::free, policy::never);
  check({
      {{}, Sight::no_listener, connect},
      {{.listing = Listening::yes, .reason = Reason::listening}, Sight::no_listener, connect},
      {{.listing = Listening::backlog_full}, Sight::no_listener, connect},
      {{.listing = Listening::no}, Sight::no_listener, {}},
      {{.needs_connection = true}, Sight::no_listener, connect},
      {{.evidence = Evidence::table}, Sight::no_listener, free},
      {{.evidence = Evidence::table, .listing = Listening::no}, Sight::no_listener, free},
      {{.evidence = Evidence::table, .listing = Listening::yes}, Sight::no_listener, free},
  });
}

/// A wakeup of its own would cost more than the attempt.
void an_attempt_that_is_due_before_the_next_scan_starts_now() {
  const auto interval = backoff.local_poll(1s);
  const auto due_in = [](os::Duration delay) {
    return Situation{
        .listing = Listening::no, .connect_planned = true, .connect_due_in = delay, .waited = 1s};
  };
  check({
      {due_in(interval), Sight::no_listener, {.connect = policy::at_once}},
      {due_in(interval + 1us), Sight::no_listener, {}},
  });
}

void without_the_table_only_a_connection_tells() {
  const Action connect{.connect = policy::at_once};
  const Action later{.connect = policy::after(backoff.local_poll(1s))};
  check({
      {{}, Sight::unknown, connect},
      {{.once = true}, Sight::unknown, connect},
      {{.reason = Reason::refused, .waited = 1s}, Sight::unknown, later},
      {{.once = true, .reason = Reason::refused}, Sight::unknown, {.connect = policy::never}},
      {{.reason = Reason::refused, .connect_planned = true}, Sight::unknown, {}},
      {{.attempts = 1}, Sight::unknown, {}},
      {{.evidence = Evidence::table}, Sight::unknown, {}},
      {{.goal = Goal::bindable}, Sight::unknown, {}},
      {{.goal = Goal::drained}, Sight::unknown, {}},
  });
}

void other_sights_are_recorded() {
  check({
      {{}, Sight::bindable, record(Reason::bindable, Verdict::bindable, policy::never)},
      {{}, Sight::in_use, record(Reason::in_use, Verdict::undecided, policy::never)},
      {{}, Sight::forbidden, record(Reason::forbidden, Verdict::undecided, policy::never)},
      {{}, Sight::absent, record(Reason::unreachable, Verdict::absent, policy::never)},
      {{}, Sight::connected, record(Reason::connected, Verdict::undecided, policy::never)},
      {{}, Sight::drained, record(Reason::drained, Verdict::drained, policy::never)},
  });
}

struct AnswerRow {
  Situation known;
  Answer answer;
  Action action;
};

void check(const std::vector<AnswerRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto action = rows[i].action;
    action.drop_attempts = true;  // for every answer
    const bool as_wanted = policy::on_answer(rows[i].known, rows[i].answer, backoff) == action;
    if (!as_wanted) throw test::Failed{"row " + std::to_string(i), __FILE__, __LINE__};
  }
}

constexpr Answer accepted{Answer::Kind::accepted};
constexpr Answer refused{Answer::Kind::refused};
constexpr Answer unreachable{Answer::Kind::unreachable};
constexpr Answer forbidden{Answer::Kind::forbidden, 13};
constexpr Answer no_socket{Answer::Kind::no_socket, 13};

void an_answer_of_another_machine_decides() {
  const auto retry = policy::after(backoff.remote_refused(9s));
  check({
      {{.waited = 9s},
       accepted,
       record(Reason::accepted, Verdict::occupied, policy::after(backoff.remote_occupied(9s)))},
      {{.waited = 9s}, refused, record(Reason::refused, Verdict::free, retry)},
      {{.waited = 9s}, unreachable, record(Reason::unreachable, Verdict::free, retry)},
      {{.waited = 9s}, forbidden, record(Reason::forbidden, Verdict::free, retry, 13)},
      {{.waited = 9s}, no_socket, record(Reason::forbidden, Verdict::absent, policy::never, 13)},
      {{.accepted = true, .waited = 9s}, refused, record(Reason::refused, Verdict::free, retry)},
      {{.once = true}, accepted, record(Reason::accepted, Verdict::occupied, policy::never)},
      {{.once = true}, refused, record(Reason::refused, Verdict::free, policy::never)},
      {{.once = true}, unreachable, record(Reason::unreachable, Verdict::free, policy::never)},
      {{.once = true}, forbidden, record(Reason::forbidden, Verdict::free, policy::never, 13)},
  });
}

void an_answer_on_this_machine_is_asked_for_again_as_the_table_says() {
  constexpr auto local = Locality::local;
  const auto recheck = policy::after(backoff.closed_recheck(9s, 7, 0));
  const auto poll = policy::after(backoff.local_poll(9s));
  const auto listed = policy::after(backoff.remote_refused(9s));
  check({
      {{.locality = local, .listing = Listening::no, .waited = 9s, .candidates = 7},
       refused,
       record(Reason::refused, Verdict::free, recheck)},
      {{.locality = local, .waited = 9s}, refused, record(Reason::refused, Verdict::free, poll)},
      {{.locality = local, .listing = Listening::yes, .waited = 9s},
       refused,
       record(Reason::refused, Verdict::free, listed)},
      {{.locality = local, .listing = Listening::no, .waited = 9s, .candidates = 7},
       unreachable,
       record(Reason::unreachable, Verdict::free, recheck)},
      {{.locality = local, .listing = Listening::no, .waited = 9s, .candidates = 7},
       forbidden,
       record(Reason::forbidden, Verdict::free, recheck, 13)},
      {{.locality = local, .waited = 9s}, forbidden, record(Reason::forbidden, Verdict::undecided, poll, 13)},
      {{.locality = local, .waited = 9s},
       accepted,
       record(Reason::accepted, Verdict::occupied, policy::after(backoff.remote_occupied(9s)))},
      {{.locality = local, .once = true}, refused, record(Reason::refused, Verdict::free, policy::never)},
  });
}

void a_further_attempt_starts_beside_one_without_an_answer() {
  const auto plan = [](const Situation& known) { return policy::on_pending(known, backoff); };
  const Action parallel{.connect = policy::after(backoff.parallel_attempt(9s))};
  const Action never{.connect = policy::never};
  expect(plan({.attempts = 1, .waited = 9s}) == parallel);
  expect(plan({.attempts = most_parallel_attempts - 1, .waited = 9s}) == parallel);
  expect(plan({.attempts = most_parallel_attempts}) == never);
  expect(plan({.once = true, .attempts = 1}) == never);
  expect(plan({.accepted = true, .attempts = 1, .waited = 9s}) == Action{.connect = policy::after(1s)});
}

void silence_of_another_machine_is_free_unless_it_accepted_before() {
  const auto seen = [](const Situation& known) { return policy::on_silence(known, backoff); };
  expect(seen({}) == record(Reason::silent, Verdict::free, policy::at_once));
  expect(seen({.connect_planned = true}) == record(Reason::silent, Verdict::free, policy::unchanged));
  expect(seen({.once = true}) == record(Reason::silent, Verdict::free, policy::never));
}

void silence_after_it_accepted_counts_after_five_attempts_and_five_seconds() {
  for (std::size_t attempts = 1; attempts <= 8; ++attempts) {
    for (const os::Duration lasting : {1s, 4s, 5s, 9s}) {
      for (const bool planned : {false, true}) {
        const Situation known{
            .accepted = true, .silent_attempts = attempts, .silent_for = lasting, .connect_planned = planned};
        const Action free =
            dropping(record(Reason::silent, Verdict::free, planned ? policy::unchanged : policy::at_once));
        const Action waiting{.connect = planned ? policy::unchanged : policy::after(1s),
                             .keep_attempt = true};
        const bool counts = attempts >= 5 && lasting >= 5s;
        expect(policy::on_silence(known, backoff) == (counts ? free : waiting));
      }
    }
  }
}

void silence_on_this_machine_is_what_the_table_says() {
  struct Row {
    Listening listing;
    bool needs_connection;
    Reason reason;
    Verdict verdict;
  };
  for (const auto& [listing, needs_connection, reason, verdict] : {
           Row{Listening::yes, false, Reason::backlog_full, Verdict::occupied},
           Row{Listening::backlog_full, false, Reason::backlog_full, Verdict::occupied},
           Row{Listening::yes, true, Reason::backlog_full, Verdict::undecided},
           Row{Listening::backlog_full, true, Reason::backlog_full, Verdict::undecided},
           Row{Listening::no, false, Reason::silent, Verdict::free},
           Row{Listening::unknown, false, Reason::silent, Verdict::undecided},
       }) {
    Situation known{.locality = Locality::local, .needs_connection = needs_connection, .listing = listing};
    expect(policy::on_silence(known, backoff) == record(reason, verdict, policy::at_once));
    known.connect_planned = true;
    expect(policy::on_silence(known, backoff) == record(reason, verdict, policy::unchanged));
    known.once = true;
    expect(policy::on_silence(known, backoff) == record(reason, verdict, policy::never));
  }
}

void a_connection_that_was_closed_early_decides_nothing() {
  expect(policy::on_closed_early({.waited = 9s}, backoff) ==
         record(Reason::closed_early, Verdict::undecided, policy::after(backoff.unstable_retry(9s))));
  expect(policy::on_closed_early({.once = true}, backoff) ==
         record(Reason::closed_early, Verdict::undecided, policy::never));
}

void another_owner_decides_nothing() {
  constexpr auto local = Locality::local;
  const auto seen = [](const Situation& known) { return policy::on_other_owner(known, backoff); };
  const auto wanted = [](Plan connect) {
    return dropping(record(Reason::other_owner, Verdict::undecided, connect));
  };
  const auto retry = policy::after(backoff.unstable_retry(9s));
  expect(seen({.locality = local, .waited = 9s}) == wanted(retry));
  expect(seen({.locality = local, .listing = Listening::no, .waited = 9s}) == wanted(retry));
  // The socket table is read again anyway.
  expect(seen({.locality = local, .listing = Listening::yes, .waited = 9s}) == wanted(policy::never));
  expect(seen({.locality = local, .listing = Listening::backlog_full}) == wanted(policy::never));
  expect(seen({.locality = local, .needs_connection = true, .listing = Listening::yes, .waited = 9s}) ==
         wanted(retry));
  expect(seen({.locality = local, .once = true}) == wanted(policy::never));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_local_candidate_is_looked_up_and_a_remote_one_connected_to),
      unit(sights_and_listings_are_each_other),
      unit(a_listener_is_believed),
      unit(a_listener_that_is_known_changes_nothing),
      unit(a_new_listener_gets_one_connection_on_request),
      unit(the_absence_of_a_listener_is_verified_by_connecting),
      unit(an_attempt_that_is_due_before_the_next_scan_starts_now),
      unit(without_the_table_only_a_connection_tells),
      unit(other_sights_are_recorded),
      unit(an_answer_of_another_machine_decides),
      unit(an_answer_on_this_machine_is_asked_for_again_as_the_table_says),
      unit(a_further_attempt_starts_beside_one_without_an_answer),
      unit(silence_of_another_machine_is_free_unless_it_accepted_before),
      unit(silence_after_it_accepted_counts_after_five_attempts_and_five_seconds),
      unit(silence_on_this_machine_is_what_the_table_says),
      unit(a_connection_that_was_closed_early_decides_nothing),
      unit(another_owner_decides_nothing),
  };
  return cmocka_run_group_tests_name("wait/policy", tests, nullptr, nullptr);
}
