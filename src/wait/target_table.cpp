// SPDX-License-Identifier: MIT
#include "wait/target_table.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

namespace {

/// Ranks the reasons of a target that is not occupied; the highest is reported.
int reason_rank(Reason reason) {
  switch (reason) {
    case Reason::other_owner:
    case Reason::closed_early:
    case Reason::in_use:
    case Reason::connected:
      return 6;
    case Reason::forbidden:
      return 5;
    case Reason::refused:
    case Reason::not_listening:
      return 4;
    case Reason::silent:
      return 3;
    case Reason::unreachable:
      return 2;
    case Reason::none:
      return 0;
    default:
      return 1;
  }
}

/// A candidate that does not count explains a target only if no other candidate does.
int rank(const Finding& finding) {
  const int rank = reason_rank(finding.reason);
  return finding.verdict == Verdict::absent ? std::min(rank, 1) : rank;
}

}  // namespace

HostId TargetTable::host_named(const std::string& name) {
  if (const auto known = host_ids_.find(name); known != host_ids_.end()) return known->second;
  const auto id = static_cast<HostId>(hosts_.size());
  hosts_.emplace_back();
  try {
    hosts_.back().name = &host_ids_.try_emplace(name, id).first->first;
  } catch (...) {
    hosts_.pop_back();
    throw;
  }
  return id;
}

/// If adding the target fails, its host may remain without targets, which has no effect.
TargetId TargetTable::add(const std::string& host, std::uint16_t port, Goal goal) {
  const auto host_id = host_named(host);
  const auto id = static_cast<TargetId>(targets_.size());
  hosts_[host_id].targets.push_back(id);
  try {
    targets_.push_back(Target{.host = host_id, .port = port, .goal = goal});
  } catch (...) {
    hosts_[host_id].targets.pop_back();
    throw;
  }
  if (goal != Goal::watch) ++goals_;
  return id;
}

void TargetTable::begin(os::Instant now) {
  forget(now);
  // Thousands of targets may be added one at a time, and growth would leave much memory unused.
  targets_.shrink_to_fit();
  hosts_.shrink_to_fit();
  candidates_.reserve(targets_.size());
}

void TargetTable::forget(os::Instant now) {
  candidates_.clear();
  unused_candidates_.clear();
  events_.clear();
  newly_reached_.clear();
  reached_ = 0;
  unresolvable_ = 0;
  resolver_errors_.clear();
  for (auto& target : targets_) {
    target = Target{.host = target.host, .port = target.port, .goal = target.goal, .since = now};
  }
}

void TargetTable::clear() {
  targets_.clear();
  hosts_.clear();
  host_ids_.clear();
  goals_ = 0;
  forget({});
}

CandidateId TargetTable::new_candidate() {
  if (unused_candidates_.empty()) {
    candidates_.emplace_back();
    return static_cast<CandidateId>(candidates_.size() - 1);
  }
  const auto id = unused_candidates_.back();
  unused_candidates_.pop_back();
  return id;
}

void TargetTable::set_addresses(TargetId target_id, std::span<const ResolvedAddress> addresses,
                                os::Instant now, std::vector<CandidateId>& removed,
                                std::vector<CandidateId>& added) {
  auto& target = targets_[target_id];
  auto& own = target.candidates;
  const auto is_listed = [&](CandidateId id) {
    return std::ranges::find(addresses, candidates_[id].endpoint.ip, &ResolvedAddress::ip) != addresses.end();
  };
  const auto is_known = [&](const os::Ip& ip) {
    return std::ranges::any_of(own, [&](CandidateId id) { return candidates_[id].endpoint.ip == ip; });
  };

  const auto kept = std::stable_partition(own.begin(), own.end(), is_listed);
  removed.assign(kept, own.end());
  for (const auto id : removed) candidates_[id].in_use = false;
  own.erase(kept, own.end());

  added.clear();
  for (const auto& [ip, locality] : addresses) {
    if (is_known(ip)) continue;
    const auto id = new_candidate();
    candidates_[id] =
        Candidate{.endpoint = {ip, target.port}, .target = target_id, .locality = locality, .in_use = true};
    own.push_back(id);
    added.push_back(id);
  }
  // Only now: a removed candidate has attempts under way until the caller drops them.
  unused_candidates_.insert(unused_candidates_.end(), removed.begin(), removed.end());
  resolver_errors_.erase(target.host);
  if (target.reason == Reason::unresolved) target.reason = Reason::none;
  update_state(target_id, now);
}

void TargetTable::set_unresolved(HostId host, bool permanently, const std::string& error_text) {
  resolver_errors_[host] = error_text;
  for (const auto id : hosts_[host].targets) {
    auto& target = targets_[id];
    if (target.candidates.empty()) target.reason = Reason::unresolved;
    if (permanently && !std::exchange(target.unresolvable, true) && target.goal != Goal::watch) {
      ++unresolvable_;
    }
  }
}

const std::string& TargetTable::resolver_error(TargetId id) const {
  static const std::string none;
  const auto found = resolver_errors_.find(targets_[id].host);
  return found == resolver_errors_.end() ? none : found->second;
}

void TargetTable::record(CandidateId id, const Finding& finding, os::Instant now) {
  if (std::exchange(candidates_[id].finding, finding) == finding) return;
  update_state(candidates_[id].target, now);
}

/// Derives the state of a target from the findings of its candidates. Any occupied candidate makes the target
/// occupied; every other state requires all candidates.
TargetTable::Conclusion TargetTable::conclude(const Target& target) const {
  Conclusion result;
  std::optional<Verdict> common;
  bool differ = false;
  for (const auto id : target.candidates) {
    const auto& candidate = candidates_[id];
    const auto& [reason, verdict, error] = candidate.finding;
    if (verdict == Verdict::occupied) return {State::occupied, &candidate};
    result.complete = result.complete && reason != Reason::none;
    const auto* deciding = result.deciding;
    if (deciding == nullptr || rank(candidate.finding) > rank(deciding->finding))
      result.deciding = &candidate;
    if (verdict == Verdict::absent) continue;
    differ = differ || (common && *common != verdict);
    common = verdict;
  }
  if (common && !differ) result.state = state_of(*common);
  return result;
}

void TargetTable::update_state(TargetId id, os::Instant now) {
  auto& target = targets_[id];
  if (target.reached || target.candidates.empty()) return;
  const auto [state, deciding, complete] = conclude(target);
  target.reason = deciding->finding.reason;
  target.error = deciding->finding.error;
  target.decided_by = target.reason == Reason::none ? std::nullopt : std::optional(deciding->endpoint.ip);
  // A candidate without a finding does not undo a known state.
  if (state != State::unknown || complete) change_state(id, state, now);
}

void TargetTable::set_vanished(HostId host, os::Instant now) {
  for (const auto id : hosts_[host].targets) {
    auto& target = targets_[id];
    if (target.reached || target.goal != Goal::free || target.candidates.empty()) continue;
    target.reason = Reason::unresolved;
    target.error = 0;
    target.decided_by.reset();
    change_state(id, State::free, now);
  }
}

void TargetTable::change_state(TargetId id, State state, os::Instant now) {
  auto& target = targets_[id];
  if (state == target.state) return;
  target.state = state;
  target.since = now;
  // A probe takes a while, and what it saw may have begun after `now`.
  const auto seen_at = os::Clock::now();
  events_.push({.target = id,
                .state = state,
                .reason = target.reason,
                .error = target.error,
                .decided_by = target.decided_by,
                .at = seen_at,
                .calendar = os::calendar_now()});
  if (!satisfies(state, target.goal)) return;
  target.reached = true;
  target.reached_at = seen_at;
  ++reached_;
  newly_reached_.push_back(id);
}

bool TargetTable::reached(Mode mode) const {
  return mode == Mode::all ? reached_ == goals_ && goals_ > 0 : reached_ > 0;
}

bool TargetTable::cannot_succeed(Mode mode) const {
  return mode == Mode::all ? unresolvable_ > 0 : unresolvable_ == goals_ && goals_ > 0;
}

std::vector<TargetId> TargetTable::take_reached() { return std::exchange(newly_reached_, {}); }

}  // namespace portend::wait
