// SPDX-License-Identifier: MIT
#include "wait/policy.hpp"

namespace portend::wait::policy {

using namespace std::chrono_literals;
using probe::Answer;

namespace {

constexpr Finding listening{Reason::listening, Verdict::occupied};
constexpr Finding backlog_full{Reason::backlog_full, Verdict::occupied};
constexpr Finding silent{Reason::silent, Verdict::free};

/// Silence of a server that accepted before counts as free only after both of these have passed: a full
/// accept queue drops SYNs, and so does a bad network.
constexpr std::size_t silent_attempts_that_count = 5;
constexpr os::Duration silence_that_counts = 5s;

/// The interval of attempts at a server that accepted before and is now silent.
constexpr os::Duration silent_server_retry = 1s;

bool is_local(const Situation& known) { return known.locality == Locality::local; }

bool is_listed(const Situation& known) { return os::is_listener(known.listing); }

/// A listener in the socket table is trusted, and gets no connection.
Action believe(const Finding& finding) {
  return {.record = finding, .connect = never, .drop_attempts = true};
}

Action on_listener(const Situation& known, const Finding& finding) {
  if (!known.needs_connection) {
    return known.reason == finding.reason ? Action{} : believe(finding);
  }
  // Each new listener gets one connection. Its answer decides when the next one is due.
  if (is_listed(known) || known.attempts > 0) return {};
  return {.connect = at_once};
}

/// The absence of a listener is verified by connecting, since a redirected port has no listener. A later
/// attempt that is due before the next scan starts now: a wakeup of its own would cost more than the attempt.
Action on_no_listener(const Situation& known, const Backoff& backoff) {
  if (known.evidence == Evidence::table) {
    return {.record = Finding{Reason::not_listening, Verdict::free}, .connect = never};
  }
  const bool is_first = known.listing != os::Listening::no;
  const bool is_due = known.connect_planned && known.connect_due_in <= backoff.local_poll(known.waited);
  return is_first || is_due ? Action{.connect = at_once} : Action{};
}

/// Without the socket table, only connecting shows the state.
Action on_unknown(const Situation& known, const Backoff& backoff) {
  const bool cannot_connect = known.evidence == Evidence::table || needs_socket_table(known.goal);
  if (cannot_connect || known.connect_planned || known.attempts > 0) return {};
  if (known.reason == Reason::none) return {.connect = at_once};
  return {.connect = known.once ? never : after(backoff.local_connect_poll(known.waited, known.candidates))};
}

Action record_only(Reason reason, Verdict verdict) {
  return {.record = Finding{reason, verdict}, .connect = never};
}

/// When to connect again to an address of this machine that has refused.
os::Duration local_retry(const Situation& known, const Backoff& backoff) {
  if (known.listing == os::Listening::no)
    return backoff.closed_recheck(known.waited, known.candidates, known.phase);
  if (known.listing == os::Listening::unknown)
    return backoff.local_connect_poll(known.waited, known.candidates);
  return backoff.remote_refused(known.waited);
}

Plan retry(const Situation& known, const Backoff& backoff) {
  if (known.once) return never;
  return after(is_local(known) ? local_retry(known, backoff) : backoff.remote_refused(known.waited));
}

/// Whether a failed attempt proves that nothing listens. On an address of this machine, silence proves
/// nothing unless the socket table agrees.
Verdict verdict_without_answer(const Situation& known) {
  const bool proves = !is_local(known) || known.listing == os::Listening::no;
  return proves ? Verdict::free : Verdict::undecided;
}

Finding finding_of(const Situation& known, const Answer& answer) {
  switch (answer.kind) {
    case Answer::Kind::accepted:
      return {Reason::accepted, Verdict::occupied};
    case Answer::Kind::refused:
      return {Reason::refused, Verdict::free};
    case Answer::Kind::forbidden:
      return {Reason::forbidden, verdict_without_answer(known), static_cast<std::uint16_t>(answer.error)};
    case Answer::Kind::no_socket:  // treated as if the machine lacked the family
      return {Reason::forbidden, Verdict::absent, static_cast<std::uint16_t>(answer.error)};
    case Answer::Kind::unreachable:
      break;
  }
  return {Reason::unreachable, Verdict::free};
}

}  // namespace

FirstProbe first_probe(const Situation& known) {
  return is_local(known) ? FirstProbe::socket_table : FirstProbe::connection;
}

Action on_sighting(const Situation& known, Sight sight, const Backoff& backoff) {
  switch (sight) {
    case Sight::listening:
      return on_listener(known, listening);
    case Sight::backlog_full:
      return on_listener(known, backlog_full);
    case Sight::no_listener:
      return on_no_listener(known, backoff);
    case Sight::bindable:
      return record_only(Reason::bindable, Verdict::bindable);
    case Sight::in_use:
      return record_only(Reason::in_use, Verdict::undecided);
    case Sight::forbidden:
      return record_only(Reason::forbidden, Verdict::undecided);
    case Sight::absent:
      return record_only(Reason::unreachable, Verdict::absent);
    case Sight::connected:
      return record_only(Reason::connected, Verdict::undecided);
    case Sight::drained:
      return record_only(Reason::drained, Verdict::drained);
    case Sight::unknown:
      break;
  }
  return on_unknown(known, backoff);
}

Action on_answer(const Situation& known, const Answer& answer, const Backoff& backoff) {
  Action action{.record = finding_of(known, answer), .drop_attempts = true};
  const bool accepted = answer.kind == Answer::Kind::accepted;
  if (answer.kind == Answer::Kind::no_socket || (accepted && known.once)) {
    action.connect = never;
  } else if (accepted) {
    action.connect = after(backoff.remote_occupied(known.waited));
  } else {
    action.connect = retry(known, backoff);
  }
  return action;
}

Action on_pending(const Situation& known, const Backoff& backoff) {
  if (known.once || known.attempts >= most_parallel_attempts) return {.connect = never};
  return {.connect = after(known.accepted ? silent_server_retry : backoff.parallel_attempt(known.waited))};
}

Action on_silence(const Situation& known, const Backoff&) {
  const Plan next = known.once ? never : known.connect_planned ? unchanged : at_once;
  if (is_local(known)) {
    if (is_listed(known)) {
      const auto verdict = known.needs_connection ? Verdict::undecided : Verdict::occupied;
      return {.record = Finding{Reason::backlog_full, verdict}, .connect = next};
    }
    return {.record = Finding{Reason::silent, verdict_without_answer(known)}, .connect = next};
  }
  if (!known.accepted) return {.record = silent, .connect = next};
  const bool counts =
      known.silent_attempts >= silent_attempts_that_count && known.silent_for >= silence_that_counts;
  if (counts) return {.record = silent, .connect = next, .drop_attempts = true};
  return {.connect = known.connect_planned ? unchanged : after(silent_server_retry), .keep_attempt = true};
}

Action on_closed_early(const Situation& known, const Backoff& backoff) {
  return {.record = Finding{Reason::closed_early, Verdict::undecided},
          .connect = known.once ? never : after(backoff.unstable_retry(known.waited))};
}

Action on_other_owner(const Situation& known, const Backoff& backoff) {
  const bool watched = is_local(known) && is_listed(known) && !known.needs_connection;
  return {.record = Finding{Reason::other_owner, Verdict::undecided},
          .connect = known.once || watched ? never : after(backoff.unstable_retry(known.waited)),
          .drop_attempts = true};
}

}  // namespace portend::wait::policy
