// SPDX-License-Identifier: MIT
#include "wait/names.hpp"

#include <algorithm>
#include <utility>

#include "net/host.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// When all look-ups that a process may have are under way.
constexpr os::Duration pause_without_threads = 5ms;

}  // namespace

Names::Names(Board& board, Sleeper& sleeper, const Settings& settings, Located located)
    : board_(board), sleeper_(sleeper), settings_(settings), pace_(settings), located_(std::move(located)) {}

const std::string& Names::error_text(HostId id) const {
  static const std::string none;
  const auto found = errors_.find(id);
  return found == errors_.end() ? none : found->second;
}

HostId Names::add(const std::string& name) {
  const auto [entry, is_new] = ids_.try_emplace(name, static_cast<HostId>(hosts_.size()));
  if (is_new) hosts_.emplace_back().name = &entry->first;
  return entry->second;
}

void Names::begin(os::Instant now, bool once) {
  began_ = now;
  once_ = once;
  limit_ = os::never;
  hosts_.shrink_to_fit();
  errors_.clear();
  for (HostId id = 0; id < hosts_.size(); ++id) {
    auto& host = hosts_[id];
    host.locations.clear();
    if (const auto known = net::known_addresses(*host.name)) {
      locate(id, *known);
      host.locations = {};  // they are asked for only where a look-up may find other ones
    } else {
      due_.push({now, id});
    }
  }
}

void Names::end() {
  under_way_.clear();
  due_ = {};
  found_.reset();
}

void Names::run(os::Instant now) {
  for (std::size_t i = 0; i < under_way_.size();) {
    if (!under_way_[i].lookup->finished()) {
      ++i;
      continue;
    }
    const auto [id, lookup] = std::exchange(under_way_[i], under_way_.back());
    under_way_.pop_back();
    take(id, lookup->result(), now);
  }
  while (!due_.empty() && due_.top().when <= now) {
    const auto id = due_.top().host;
    due_.pop();
    look_up(id, now);
  }
  if (once_) give_up_late_ones(now);
}

/// The time counts from the first look on: a machine may have been busy elsewhere since the wait began.
void Names::give_up_late_ones(os::Instant now) {
  if (settled()) {
    limit_ = os::never;
  } else if (limit_ == os::never) {
    limit_ = os::saturating_add(now, settings_.attempt_limit);
  } else if (now >= limit_) {
    under_way_.clear();
    due_ = {};
    limit_ = os::never;
  }
}

void Names::look_up(HostId id, os::Instant now) {
  auto& host = hosts_[id];
  if (!host.locations.empty() && !is_awaited(host)) {
    return due_.push({now + pace_.name_refresh(now - began_), id});
  }
  if (!found_) {
    found_ = std::make_shared<os::Wakeup>();
    sleeper_.poller().watch(found_->descriptor(), os::Poller::Interest::readable, token::names);
  }
  auto lookup = net::Lookup::begin(*host.name, found_);
  if (!lookup) return due_.push({now + pause_without_threads, id});
  under_way_.push_back({id, std::move(lookup)});
}

void Names::take(HostId id, const os::Resolution& result, os::Instant now) {
  if (result.verdict != os::Resolution::Verdict::found) return not_found(id, result, now);
  locate(id, result.addresses);
  if (!once_) due_.push({now + pace_.name_refresh(now - began_), id});
}

void Names::locate(HostId id, const std::vector<os::Ip>& addresses) {
  auto& host = hosts_[id];
  std::vector<Location> locations;
  for (const auto& ip : addresses) {
    if (settings_.family && ip.family != *settings_.family) continue;
    // The kernel's table has no answer for a link-local address without its interface.
    const bool near = ip.scope == 0 && os::is_local(ip);
    locations.push_back({ip, near ? Distance::near : Distance::far});
  }
  if (locations.empty()) {
    errors_[id] = "no address of the family that is asked for";
    const bool may_come = settings_.retry_names || !host.locations.empty();
    for (const auto target : host.targets) board_.unresolved(target, !may_come);
  } else {
    errors_.erase(id);
    host.locations = std::move(locations);
    located_(host);
  }
}

void Names::not_found(HostId id, const os::Resolution& result, os::Instant now) {
  using Verdict = os::Resolution::Verdict;
  auto& host = hosts_[id];
  errors_[id] = result.error_text;
  // Once it had addresses, it keeps them: a resolver that fails takes no server down.
  const bool may_come = result.verdict == Verdict::try_again ||
                        (result.verdict == Verdict::no_such_name && settings_.retry_names) ||
                        !host.locations.empty();
  for (const auto target : host.targets) board_.unresolved(target, !may_come);
  const bool is_watched = std::ranges::any_of(
      host.targets, [&](TargetId id) { return board_.targets()[id].goal == Goal::watch; });
  if ((may_come || is_watched) && !once_) due_.push({now + pace_.name_retry(now - began_), id});
}

/// Whether somebody waits for a server there: only then it matters that a name moves.
bool Names::is_awaited(const Host& host) const {
  return std::ranges::any_of(host.targets, [&](TargetId id) {
    const auto& target = board_.targets()[id];
    return !target.reached && target.goal != Goal::free && target.state != State::occupied;
  });
}

}  // namespace portend::wait
