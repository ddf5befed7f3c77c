// SPDX-License-Identifier: MIT
#include "wait/resolver.hpp"

#include <algorithm>
#include <utility>

#include "net/host.hpp"
#include "wait/backoff.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// When all look-ups that a process may have are under way.
constexpr os::Duration pause_without_threads = 5ms;

/// Whether a goal is about the address that a server binds, so that a wildcard stays itself.
bool wants_bind_address(const Wait& wait, const Host& host) {
  return std::ranges::any_of(
      host.targets, [&](TargetId id) { return needs_socket_table(wait.table.targets()[id].goal); });
}

/// Whether it matters to a target that its name changes: to one that a server is awaited at, and
/// to one that is wanted free, whose name may vanish with its server.
bool is_awaited(const Wait& wait, const Host& host) {
  return std::ranges::any_of(host.targets, [&](TargetId id) {
    const auto& target = wait.table.targets()[id];
    return !target.reached && (target.goal == Goal::free || target.state != State::occupied);
  });
}

bool is_watched(const Wait& wait, const Host& host) {
  return std::ranges::any_of(host.targets,
                             [&](TargetId id) { return wait.table.targets()[id].goal == Goal::watch; });
}

}  // namespace

void Resolver::add(std::uint32_t id, os::Instant now) {
  using Verdict = os::Resolution::Verdict;
  auto& wait = *waits_[id];
  const auto& hosts = wait.table.hosts();
  wait.lookups.assign(hosts.size(), {});
  wait.lookups_end = os::never;
  for (HostId host = 0; host < hosts.size(); ++host) {
    const auto& name = *hosts[host].name;
    const auto known = wants_bind_address(wait, hosts[host]) ? net::bind_addresses(name) : net::known_addresses(name);
    if (known) {
      known_.push_back({.wait = id, .host = host, .result = {Verdict::found, *known, {}}});
    } else {
      plan(id, host, now);
    }
  }
}

void Resolver::remove(std::uint32_t wait) {
  std::erase_if(under_way_, [&](const UnderWay& each) { return each.wait == wait; });
  std::erase_if(known_, [&](const Resolved& each) { return each.wait == wait; });
  waits_[wait]->lookups = {};
  if (under_way_.empty()) shared_.clear();
}

void Resolver::plan(std::uint32_t wait, HostId host, os::Instant when) {
  state(wait, host).next = when;
  if (when != os::never) due_.push({when, wait, host});
}

bool Resolver::is_current(const Due& entry) const {
  return entry.wait < waits_.size() && waits_[entry.wait] != nullptr &&
         entry.host < waits_[entry.wait]->lookups.size() &&
         waits_[entry.wait]->lookups[entry.host].next == entry.when;
}

std::optional<Resolved> Resolver::next_result(os::Instant now) {
  if (!known_.empty()) {
    auto result = std::move(known_.back());
    known_.pop_back();
    return result;
  }
  start_due(now);
  if (!known_.empty()) return next_result(now);
  give_up_late_ones(now);
  for (auto& each : under_way_) {
    if (!state(each.wait, each.host).lookup->finished()) continue;
    const auto [wait, host] = std::exchange(each, under_way_.back());
    under_way_.pop_back();
    const auto lookup = std::exchange(state(wait, host).lookup, {});
    return Resolved{.wait = wait, .host = host, .result = lookup->result()};
  }
  return {};
}

void Resolver::start_due(os::Instant now) {
  while (!due_.empty() && due_.top().when <= now) {
    const auto entry = due_.top();
    due_.pop();
    if (!is_current(entry)) continue;
    plan(entry.wait, entry.host, os::never);
    look_up(entry.wait, entry.host, now);
  }
}

void Resolver::look_up(std::uint32_t id, HostId host, os::Instant now) {
  const auto& wait = *waits_[id];
  auto& own = state(id, host);
  const Backoff backoff(wait.settings);
  if (own.was_found && !is_awaited(wait, wait.table.hosts()[host])) {
    return plan(id, host, now + Backoff::name_refresh(now - wait.began));
  }
  if (!finished_) {
    auto wakeup = std::make_shared<os::Wakeup>();
    poller_.get().watch(wakeup->descriptor(), os::Poller::Interest::readable, token::lookup);
    finished_ = std::move(wakeup);
  }
  try {
    own.lookup = shared_lookup(*wait.table.hosts()[host].name);
  } catch (...) {
    known_.push_back({.wait = id, .host = host, .failure = std::current_exception()});
    return;
  }
  if (!own.lookup) return plan(id, host, now + pause_without_threads);
  under_way_.push_back({id, host});
}

/// One look-up serves all waits that ask for a name meanwhile.
std::shared_ptr<net::Lookup> Resolver::shared_lookup(const std::string& name) {
  auto& shared = shared_[name];
  auto lookup = shared.lock();
  if (!lookup) {
    lookup = net::Lookup::begin(name, finished_);
    shared = lookup;
  }
  return lookup;
}

/// A single look bounds each name by the limit of an attempt. The time counts from when the
/// look-up began: a machine may have been busy elsewhere since the wait began.
void Resolver::give_up_late_ones(os::Instant now) {
  for (const auto& each : under_way_) {
    auto& wait = *waits_[each.wait];
    if (wait.once && wait.lookups_end == os::never) {
      wait.lookups_end = os::saturating_add(now, wait.attempt_limit);
    }
  }
  std::erase_if(under_way_, [&](const UnderWay& each) {
    const bool late = now >= waits_[each.wait]->lookups_end && !state(each.wait, each.host).lookup->finished();
    if (late) state(each.wait, each.host).lookup.reset();
    return late;
  });
}

void Resolver::plan_next(const Resolved& resolved, os::Instant now) {
  using Verdict = os::Resolution::Verdict;
  const auto& wait = *waits_[resolved.wait];
  const auto& host = wait.table.hosts()[resolved.host];
  auto& own = state(resolved.wait, resolved.host);
  const bool is_name = !net::known_addresses(*host.name);
  if (wait.once || !is_name) return;
  const Backoff backoff(wait.settings);
  const auto waited = now - wait.began;
  const bool found = resolved.result.verdict == Verdict::found && !resolved.result.addresses.empty();
  if (found) {
    own.was_found = true;
    return plan(resolved.wait, resolved.host, now + Backoff::name_refresh(waited));
  }
  if (may_come(resolved) || is_watched(wait, host)) {
    plan(resolved.wait, resolved.host, now + backoff.name_retry(waited));
  }
}

bool Resolver::may_come(const Resolved& resolved) const {
  using Verdict = os::Resolution::Verdict;
  const auto verdict = resolved.result.verdict;
  const bool not_yet = verdict == Verdict::no_such_name || verdict == Verdict::found;
  return verdict == Verdict::try_again || (not_yet && waits_[resolved.wait]->settings.retry_names) ||
         was_found(resolved);
}

os::Instant Resolver::next() const {
  os::Instant soonest = due_.empty() ? os::never : due_.top().when;
  if (!known_.empty()) soonest = os::Instant::min();
  for (const auto& each : under_way_) soonest = std::min(soonest, waits_[each.wait]->lookups_end);
  return soonest;
}

bool Resolver::is_idle(std::uint32_t wait) const {
  const auto& lookups = waits_[wait]->lookups;
  const bool known = std::ranges::none_of(known_, [&](const Resolved& each) { return each.wait == wait; });
  return known && std::ranges::all_of(lookups, [](const LookupState& each) {
    return !each.lookup && each.next == os::never;
  });
}

}  // namespace portend::wait
