// SPDX-License-Identifier: MIT
// The part of the engine that applies observations: asks the policy for an action, and carries it out.
#include <algorithm>
#include <system_error>

#include "wait/backoff.hpp"
#include "wait/engine.hpp"

namespace portend::wait {

namespace {

/// Multiples of the golden ratio divide an interval evenly, however many there are.
double phase_of(Key key) {
  constexpr std::uint32_t golden_ratio = 0x9e3779b9;
  return static_cast<double>((key.wait + key.candidate) * golden_ratio) / 0x1p32;
}

}  // namespace

void Engine::apply_resolution(Resolved& resolved, os::Instant now) {
  using Verdict = os::Resolution::Verdict;
  auto& wait = *waits_[resolved.key.wait];
  if (resolved.failure) std::rethrow_exception(resolved.failure);
  auto& [verdict, addresses, error_text] = resolved.result;
  if (wait.settings.family) {
    std::erase_if(addresses, [&](const os::Ip& ip) { return ip.family != *wait.settings.family; });
    if (addresses.empty() && verdict == Verdict::found) error_text = "no address of the requested family";
  }
  if (verdict == Verdict::found && !addresses.empty()) {
    for (const auto target : wait.table.hosts()[resolved.key.host].targets) {
      set_addresses(resolved.key.wait, target, addresses, now);
    }
  } else {
    // If the host had addresses, it keeps them: a failure of the resolver says nothing about a server.
    wait.table.set_unresolved(resolved.key.host, !resolver_.may_come(resolved), error_text);
    const bool vanished = verdict == Verdict::no_such_name && resolver_.was_found(resolved);
    if (vanished) wait.table.set_vanished(resolved.key.host, now);
    close_reached(resolved.key.wait);
  }
  resolver_.plan_next(resolved, now);
}

void Engine::set_addresses(std::uint32_t id, TargetId target, std::span<const os::Ip> addresses,
                           os::Instant now) {
  auto& wait = *waits_[id];
  const bool must_be_local = wait.settings.owner != 0 || wait.settings.evidence == Evidence::table ||
                             needs_socket_table(wait.table.targets()[target].goal);
  found_.clear();
  for (const auto& ip : addresses) {
    // A link-local address without an interface cannot be found in the socket table.
    const bool local = os::is_wildcard(ip) || (ip.scope == 0 && local_addresses_.contain(ip, now));
    if (local || !must_be_local) found_.push_back({ip, local ? Locality::local : Locality::remote});
  }
  if (found_.empty()) wait.unsupported = target;
  connector_.make_room(id, wait.table.candidates().size() + found_.size());
  wait.table.set_addresses(target, found_, now, removed_, added_);
  for (const auto candidate : removed_) {
    connector_.drop({id, candidate});
    connector_.plan({id, candidate}, os::never);
  }
  for (const auto candidate : added_) {
    const Key key{id, candidate};
    connector_.add(key);
    if (policy::first_probe(situation(key, now)) == policy::FirstProbe::socket_table) {
      scanner_.add(key);
    } else {
      arm_wakeup();  // before attempts use up the descriptors
      connector_.plan(key, now);
    }
  }
}

policy::Situation Engine::situation(Key key, os::Instant now) const {
  const auto& wait = *waits_[key.wait];
  const auto& candidate = wait.table.candidates()[key.candidate];
  const auto& target = wait.table.target_of(key.candidate);
  const auto& connect = wait.connects[key.candidate];
  return {.goal = target.goal,
          .locality = candidate.locality,
          .evidence = wait.settings.evidence,
          .needs_connection = wait.settings.needs_connection(),
          .once = wait.once,
          .listing = candidate.listing,
          .reason = candidate.finding.reason,
          .accepted = candidate.finding.reason == Reason::accepted,
          .silent_attempts = connect.silent_attempts,
          .silent_for = connect.silent_since == os::never ? os::Duration::zero() : now - connect.silent_since,
          .attempts = connect.attempts,
          .connect_planned = connect.next != os::never,
          .connect_due_in = connect.next == os::never ? os::Duration::zero() : connect.next - now,
          .waited = now - target.since,
          .candidates = connector_.candidate_count(),
          .phase = phase_of(key)};
}

void Engine::observe(const Observation& seen, os::Instant now) {
  const Backoff backoff(waits_[seen.key.wait]->settings);
  const auto known = situation(seen.key, now);
  switch (seen.kind) {
    case Observation::Kind::answer:
      if (const auto listener = new_listener(known, seen)) return observe_between_scans(*listener, now);
      apply(seen.key, policy::on_answer(known, seen.answer, backoff), now);
      if (seen.answer.kind == probe::Answer::Kind::no_socket) require_socket(seen.key, seen.answer.error);
      return;
    case Observation::Kind::closed_early:
      return apply(seen.key, policy::on_closed_early(known, backoff), now);
    case Observation::Kind::silent: {
      const auto action = policy::on_silence(known, backoff);
      if (!action.keep_attempt) connector_.release(seen.slot);
      return apply(seen.key, action, now);
    }
    case Observation::Kind::closed:
      return;
    case Observation::Kind::pending:
      break;
  }
  apply(seen.key, policy::on_pending(known, backoff), now);
  // On this machine, only a listener with a full accept queue or a firewall leaves an attempt unanswered.
  if (known.locality == Locality::local)
    observe_between_scans({seen.key, policy::sight_of(scanner_.look_at(seen.key))}, now);
}

/// If a policy refuses sockets of a family, the family counts as lacking, unless the target has no address of
/// another family.
void Engine::require_socket(Key key, int error) const {
  const auto& table = waits_[key.wait]->table;
  const bool has_none = std::ranges::all_of(table.target_of(key.candidate).candidates, [&](CandidateId id) {
    const auto& finding = table.candidates()[id].finding;
    return finding.reason == Reason::forbidden && finding.verdict == Verdict::absent;
  });
  if (has_none) throw std::system_error(error, std::generic_category(), "no socket");
}

/// A listener that no scan has shown is not scanned for if its candidate is probed by connecting.
void Engine::observe_between_scans(const Sighting& seen, os::Instant now) {
  const auto& wait = *waits_[seen.key.wait];
  const auto listing = wait.table.candidates()[seen.key.candidate].listing;
  observe(seen, now);
  const bool is_news = policy::listing_of(seen.sight) && listing == os::Listening::unknown;
  if (is_news && !wait.once && wait.table.is_open(seen.key.candidate)) scanner_.add(seen.key);
}

/// A server may have started between a scan of the socket table and the connection that it accepted.
std::optional<Sighting> Engine::new_listener(const policy::Situation& known, const Observation& seen) {
  const bool accepted = seen.answer.kind == probe::Answer::Kind::accepted;
  if (!accepted || known.locality == Locality::remote || known.needs_connection || !scanner_.readable())
    return {};
  const auto listing = scanner_.look_at(seen.key);
  if (!os::is_listener(listing)) return {};
  return Sighting{seen.key, policy::sight_of(listing)};
}

void Engine::observe(const Sighting& seen, os::Instant now) {
  const auto& [key, sight] = seen;
  auto& wait = *waits_[key.wait];
  const Backoff backoff(wait.settings);
  const auto known = situation(key, now);
  if (sight != policy::Sight::unknown) wait.table.count_probe(key.candidate);
  apply(key, policy::on_sighting(known, sight, backoff), now);
  if (const auto listing = policy::listing_of(sight)) wait.table.note_listing(key.candidate, *listing);
  const bool needs_table = needs_socket_table(known.goal) || known.evidence == Evidence::table;
  if (sight == policy::Sight::unknown && needs_table) {
    wait.unsupported = wait.table.candidates()[key.candidate].target;
  }
}

/// Whether the listener at a candidate belongs to a process other than the required owner.
bool Engine::is_foreign(Key key) {
  auto& wait = *waits_[key.wait];
  if (wait.settings.owner == 0) return false;
  const auto owned = scanner_.is_owned(key);
  if (!owned) wait.unsupported = wait.table.candidates()[key.candidate].target;
  return !owned.value_or(false);
}

void Engine::apply(Key key, policy::Action action, os::Instant now) {
  auto& wait = *waits_[key.wait];
  if (action.record && action.record->verdict == Verdict::occupied && is_foreign(key)) {
    action = policy::on_other_owner(situation(key, now), Backoff(wait.settings));
  }
  if (action.drop_attempts) connector_.drop(key);
  if (action.record) wait.table.record(key.candidate, *action.record, now);
  // If another address has already decided the target, it gets no further connection.
  switch (wait.table.is_open(key.candidate) ? action.connect.kind : policy::Plan::Kind::never) {
    case policy::Plan::Kind::unchanged:
      break;
    case policy::Plan::Kind::never:
      connector_.plan(key, os::never);
      break;
    case policy::Plan::Kind::after:
      connector_.plan(key, os::saturating_add(now, action.connect.delay));
      break;
  }
  close_reached(key.wait);
}

void Engine::close_reached(std::uint32_t id) {
  auto& table = waits_[id]->table;
  for (const auto target : table.take_reached()) {
    for (const auto candidate : table.targets()[target].candidates) {
      connector_.drop({id, candidate});
      connector_.plan({id, candidate}, os::never);
    }
  }
}

}  // namespace portend::wait
