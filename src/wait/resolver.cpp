// SPDX-License-Identifier: MIT
#include "wait/resolver.hpp"

#include <algorithm>
#include <utility>

#include "net/host.hpp"
#include "wait/backoff.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// When to retry if the process has its maximum of look-ups under way.
constexpr os::Duration retry_without_threads = 5ms;

/// Whether a goal concerns the address that a server binds. A wildcard address is then not replaced.
bool wants_bind_address(const Wait& wait, const Host& host) {
  return std::ranges::any_of(host.targets,
                             [&](TargetId id) { return needs_socket_table(wait.table.targets()[id].goal); });
}

/// Whether changes of the name matter to a target. They do if a server is expected there, or if the target is
/// to become free, since its name may vanish with its server.
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

void Resolver::add(std::uint32_t id) {
  auto& wait = *waits_[id];
  wait.lookups.clear();
  wait.lookups_end = os::never;
  const auto& hosts = wait.table.hosts();
  new_.reserve(new_.size() + hosts.size());
  for (HostId host = 0; host < hosts.size(); ++host) new_.push_back({id, host});
}

/// The addresses of a host that needs no look-up.
std::optional<std::vector<os::Ip>> Resolver::addresses_of(HostKey key) const {
  const auto& wait = *waits_[key.wait];
  const auto& host = wait.table.hosts()[key.host];
  return wants_bind_address(wait, host) ? net::bind_addresses(*host.name) : net::known_addresses(*host.name);
}

void Resolver::remove(std::uint32_t wait) {
  std::erase_if(under_way_, [&](const HostKey& each) { return each.wait == wait; });
  std::erase_if(new_, [&](const HostKey& each) { return each.wait == wait; });
  std::erase_if(other_, [&](const Resolved& each) { return each.key.wait == wait; });
  waits_[wait]->lookups.clear();
  if (under_way_.empty()) shared_.clear();
}

void Resolver::plan(HostKey key, os::Instant when) {
  state(key).next = when;
  if (when != os::never) due_.push({when, key});
}

bool Resolver::is_current(const Due& entry) const {
  const auto& [wait, host] = entry.key;
  if (wait >= waits_.size() || waits_[wait] == nullptr) return false;
  const auto found = waits_[wait]->lookups.find(host);
  return found != waits_[wait]->lookups.end() && found->second.next == entry.when;
}

std::optional<Resolved> Resolver::next_result(os::Instant now) {
  while (!new_.empty()) {
    const auto key = new_.back();
    auto known = addresses_of(key);
    if (!known) plan(key, now);
    new_.pop_back();
    if (known) return Resolved{.key = key, .result = {os::Resolution::Verdict::found, std::move(*known), {}}};
  }
  start_due(now);
  abandon_late_lookups(now);
  if (!other_.empty()) {
    auto failed = std::move(other_.back());
    other_.pop_back();
    return failed;
  }
  for (auto& each : under_way_) {
    if (!state(each).lookup->finished()) continue;
    const auto key = std::exchange(each, under_way_.back());
    under_way_.pop_back();
    const auto lookup = std::exchange(state(key).lookup, {});
    return Resolved{.key = key, .result = lookup->result()};
  }
  return {};
}

void Resolver::start_due(os::Instant now) {
  while (!due_.empty() && due_.top().when <= now) {
    const auto entry = due_.top();
    under_way_.reserve(under_way_.size() + 1);  // if this fails, the entry stays due
    other_.reserve(other_.size() + 1);
    due_.pop();
    if (!is_current(entry)) continue;
    plan(entry.key, os::never);
    look_up(entry.key, now);
  }
}

void Resolver::look_up(HostKey key, os::Instant now) {
  const auto& wait = *waits_[key.wait];
  const auto& host = wait.table.hosts()[key.host];
  auto& own = state(key);
  if (own.was_found && !is_awaited(wait, host)) {
    return plan(key, now + Backoff::name_refresh(now - wait.began));
  }
  try {
    own.lookup = shared_lookup(*host.name);
  } catch (...) {
    other_.push_back({.key = key, .failure = std::current_exception()});
    return;
  }
  if (!own.lookup) return plan(key, now + retry_without_threads);
  under_way_.push_back(key);
}

/// One look-up serves all waits that need the same name.
std::shared_ptr<net::Lookup> Resolver::shared_lookup(const std::string& name) {
  if (!finished_) {
    auto wakeup = std::make_shared<os::Wakeup>();
    poller_.get().watch(wakeup->descriptor(), os::Poller::Interest::readable, token::lookup);
    finished_ = std::move(wakeup);
  }
  auto& shared = shared_[name];
  auto lookup = shared.lock();
  if (!lookup) {
    lookup = net::Lookup::begin(name, finished_);
    shared = lookup;
  }
  return lookup;
}

/// Bounds each name of a single probe by the attempt limit. The time counts from the start of the look-up,
/// because the machine may have been busy since the start of the wait.
void Resolver::abandon_late_lookups(os::Instant now) {
  for (const auto& each : under_way_) {
    auto& wait = *waits_[each.wait];
    if (wait.once && wait.lookups_end == os::never) {
      wait.lookups_end = os::saturating_add(now, wait.attempt_limit);
    }
  }
  std::erase_if(under_way_, [&](const HostKey& each) {
    const bool late = now >= waits_[each.wait]->lookups_end && !state(each).lookup->finished();
    if (!late) return false;
    state(each).lookup.reset();
    auto& unanswered = other_.emplace_back();
    unanswered.key = each;
    unanswered.result.verdict = os::Resolution::Verdict::try_again;
    unanswered.result.error_text = "the resolver gave no answer";
    return true;
  });
}

void Resolver::plan_next(const Resolved& resolved, os::Instant now) {
  using Verdict = os::Resolution::Verdict;
  const auto& wait = *waits_[resolved.key.wait];
  const auto found_state = wait.lookups.find(resolved.key.host);
  if (wait.once || found_state == wait.lookups.end()) return;  // not a name
  const auto waited = now - wait.began;
  if (resolved.result.verdict == Verdict::found && !resolved.result.addresses.empty()) {
    state(resolved.key).was_found = true;
    plan(resolved.key, now + Backoff::name_refresh(waited));
  } else if (may_come(resolved) || is_watched(wait, wait.table.hosts()[resolved.key.host])) {
    plan(resolved.key, now + Backoff(wait.settings).name_retry(waited));
  }
}

bool Resolver::was_found(const Resolved& resolved) const {
  const auto& lookups = waits_[resolved.key.wait]->lookups;
  const auto found = lookups.find(resolved.key.host);
  return found != lookups.end() && found->second.was_found;
}

bool Resolver::may_come(const Resolved& resolved) const {
  using Verdict = os::Resolution::Verdict;
  const auto verdict = resolved.result.verdict;
  const bool not_yet = verdict == Verdict::no_such_name || verdict == Verdict::found;
  return verdict == Verdict::try_again || (not_yet && waits_[resolved.key.wait]->settings.retry_names) ||
         was_found(resolved);
}

os::Instant Resolver::next() const {
  os::Instant soonest = due_.empty() ? os::never : due_.top().when;
  if (!new_.empty()) soonest = os::Instant::min();
  for (const auto& each : under_way_) soonest = std::min(soonest, waits_[each.wait]->lookups_end);
  return soonest;
}

bool Resolver::is_idle(std::uint32_t wait) const {
  const bool none_new = std::ranges::none_of(new_, [&](const HostKey& each) { return each.wait == wait; });
  return none_new && std::ranges::all_of(waits_[wait]->lookups, [](const auto& each) {
           return !each.second.lookup && each.second.next == os::never;
         });
}

}  // namespace portend::wait
