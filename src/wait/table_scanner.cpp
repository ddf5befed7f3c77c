// SPDX-License-Identifier: MIT
#include "wait/table_scanner.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "wait/backoff.hpp"

namespace portend::wait {

using policy::Sight;

namespace {

/// Scanning for so few candidates costs nothing. Scanning for more takes a tenth of a processor at most, and
/// reading the table a 20th.
constexpr std::size_t cheap_scan = 64;
constexpr int scan_share = 10;
constexpr int reading_share = 20;

Sight sight_of(probe::Bindable bindable) {
  switch (bindable) {
    case probe::Bindable::yes:
      return Sight::bindable;
    case probe::Bindable::in_use:
      return Sight::in_use;
    case probe::Bindable::forbidden:
      return Sight::forbidden;
    case probe::Bindable::absent:
      break;
  }
  return Sight::absent;
}

}  // namespace

void TableScanner::add(std::uint32_t wait) {
  if (next_.size() <= wait) next_.resize(wait + 1);
  next_[wait] = os::never;
}

void TableScanner::remove(std::uint32_t wait) {
  if (wait < next_.size()) next_[wait] = os::never;
  std::erase_if(unscanned_, [&](const Key& key) { return key.wait == wait; });
}

void TableScanner::release() noexcept {
  if (closings_) poller_.forget(closings_->descriptor());
  closings_.reset();
  subscribed_.clear();
  subscribed_to_connections_ = false;
  cannot_subscribe_ = false;
  next_.clear();
  unscanned_.clear();
  table_ = {};
  quiet_ = {};
  quiet_until_ = os::Instant::min();
}

void TableScanner::collect(std::uint32_t id, const std::vector<std::uint16_t>* ports) {
  const auto& table = waits_[id]->table;
  const auto count = table.candidates().size();
  if (ports == nullptr) collected_.reserve(collected_.size() + count);
  for (CandidateId candidate = 0; candidate < count; ++candidate) {
    const auto& [endpoint, target, locality, finding, listing, in_use] = table.candidates()[candidate];
    if (locality != Locality::local || !table.is_open(candidate)) continue;
    if (ports != nullptr && std::ranges::find(*ports, endpoint.port) == ports->end()) continue;
    collected_.push_back({id, candidate});
  }
}

bool TableScanner::collect_due(std::span<const os::Instant> deadlines, os::Instant now) {
  began_ = os::Clock::now();
  collected_.clear();
  const bool quiet = quiet_until_ > now || postpone(deadlines, now);
  for (std::uint32_t id = 0; id < next_.size(); ++id) {
    const bool due = !quiet && next_[id] <= now;
    if (due || (deadlines[id] <= now && next_[id] != os::never)) collect(id, nullptr);
  }
  for (const auto key : unscanned_) {
    const bool is_open = waits_[key.wait]->table.is_open(key.candidate);
    if (is_open && next_[key.wait] > now) collected_.push_back(key);
  }
  unscanned_.clear();
  return !collected_.empty();
}

/// Whether a long scan comes after the end of the waits that are at their deadlines. The next one does not.
bool TableScanner::postpone(std::span<const os::Instant> deadlines, os::Instant now) {
  const bool any_ends = next_.size() > cheap_scan &&
                        std::ranges::any_of(deadlines, [&](os::Instant deadline) { return deadline <= now; });
  postponed_ = any_ends && !postponed_;
  return postponed_;
}

bool TableScanner::collect_closed() {
  began_ = os::Clock::now();
  collected_.clear();
  if (!closings_) return false;
  const auto ports = closings_->drain();
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (waits_[id] != nullptr && !waits_[id]->once) collect(id, ports ? &*ports : nullptr);
  }
  return !collected_.empty();
}

std::span<const Sighting> TableScanner::look() try {
  endpoints_.clear();
  for (const auto key : collected_) endpoints_.push_back(candidate(key).endpoint);
  listings_.resize(endpoints_.size());
  const auto began = os::Clock::now();
  table_.look(endpoints_, listings_);
  reading_cost_ = os::Clock::now() - began;
  sightings_.clear();
  bool any_drained = false;
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    auto sight = policy::sight_of(listings_[i]);
    const auto goal = target(collected_[i]).goal;
    if (goal == Goal::bindable) {
      sight = os::is_listener(listings_[i]) ? Sight::in_use : sight_of(probe::try_bind(endpoints_[i]));
    }
    any_drained = any_drained || goal == Goal::drained;
    sightings_.push_back({collected_[i], sight});
  }
  if (any_drained) look_at_connections();
  return sightings_;
} catch (...) {
  // After an error, a group continues, and the next iteration scans what is left.
  if (unscanned_.empty()) unscanned_.swap(collected_);
  throw;
}

void TableScanner::look_at_connections() {
  const auto left = probe::connections_left(endpoints_);
  for (std::size_t i = 0; i < sightings_.size(); ++i) {
    if (target(collected_[i]).goal != Goal::drained) continue;
    sightings_[i].sight = !left ? Sight::unknown : (*left)[i] ? Sight::connected : Sight::drained;
  }
}

os::Listening TableScanner::look_at(Key key) {
  const auto& endpoint = candidate(key).endpoint;
  if (table_.readable()) return table_.look(endpoint);
  // A connection to a port that is bound and not listening would be refused. Silence means a listener with a
  // full accept queue.
  try {
    const bool in_use = probe::try_bind(endpoint) == probe::Bindable::in_use;
    return in_use ? os::Listening::backlog_full : os::Listening::unknown;
  } catch (const std::system_error&) {
    return os::Listening::unknown;  // out of descriptors: the attempts under way continue
  }
}

std::optional<bool> TableScanner::is_owned(Key key) {
  const auto before = os::Clock::now();
  const auto owned = probe::is_owned_by(candidate(key).endpoint, waits_[key.wait]->settings.owner);
  owner_cost_ += os::Clock::now() - before;
  return owned;
}

/// Whether a target waits for the listener at the candidate to close.
bool TableScanner::wants_notice(Key key) const {
  const auto goal = target(key).goal;
  if (waits_[key.wait]->once || goal == Goal::occupied) return false;
  return needs_socket_table(goal) || os::is_listener(candidate(key).listing);
}

bool TableScanner::subscribe() {
  if (cannot_subscribe_) return false;
  const auto before = std::pair(subscribed_.size(), subscribed_to_connections_);
  for (const auto key : collected_) {
    if (!wants_notice(key)) continue;
    subscribed_.insert(candidate(key).endpoint.port);
    subscribed_to_connections_ = subscribed_to_connections_ || needs_socket_table(target(key).goal);
  }
  if (std::pair(subscribed_.size(), subscribed_to_connections_) == before) return false;
  using Notices = os::ListenerCloseMonitor::Notices;
  const std::vector<std::uint16_t> ports(subscribed_.begin(), subscribed_.end());
  if (closings_) poller_.forget(closings_->descriptor());
  closings_ = os::ListenerCloseMonitor::open(
      ports, subscribed_to_connections_ ? Notices::all_sockets : Notices::listeners);
  cannot_subscribe_ = !closings_;
  if (!closings_) return false;
  poller_.get().watch(closings_->descriptor(), os::Poller::Interest::readable, token::listener_closed);
  return true;
}

os::Duration TableScanner::interval_of(const Wait& wait, os::Instant now) const {
  const Backoff backoff(wait.settings);
  auto interval = os::Duration::max();
  auto awaited_since = os::Instant::min();
  const auto& table = wait.table;
  for (CandidateId id = 0; id < table.candidates().size(); ++id) {
    const auto& each = table.candidates()[id];
    if (each.locality != Locality::local || !table.is_open(id)) continue;
    const auto& target = table.target_of(id);
    if (needs_socket_table(target.goal)) {
      interval = std::min(interval, backoff.usage_poll(now - target.since));
    } else if (each.listing == os::Listening::unknown && wait.settings.evidence != Evidence::table) {
      continue;  // probed by connecting
    } else if (target.state == State::occupied && closings_) {
      interval = std::min(interval, backoff.local_departure_poll());
    } else {
      awaited_since = std::max(awaited_since, target.since);
    }
  }
  if (awaited_since == os::Instant::min()) return interval;
  return std::min(interval, backoff.local_poll(now - awaited_since));
}

void TableScanner::plan_next(os::Instant now) {
  auto planned = std::uint32_t(-1);
  for (const auto key : collected_) {
    if (std::exchange(planned, key.wait) == key.wait) continue;
    const auto& wait = *waits_[key.wait];
    next_[key.wait] = wait.once ? os::never : os::saturating_add(now, interval_of(wait, now));
  }
  const auto reading = reading_cost_ + std::exchange(owner_cost_, {});
  const auto took = std::max(os::Clock::now() - began_, reading);
  if (collected_.size() <= cheap_scan && took <= std::chrono::milliseconds(1)) return;
  const auto quiet = std::max(took * scan_share, reading * reading_share);
  // A scan that was itself delayed must not delay the next ones.
  quiet_ = quiet_ == os::Duration::zero() ? quiet : std::min(quiet, 2 * quiet_);
  quiet_until_ = now + quiet_;
}

os::Instant TableScanner::next() const {
  if (!unscanned_.empty()) return os::Instant::min();
  auto soonest = os::never;
  for (const auto each : next_) {
    if (each <= quiet_until_) return quiet_until_;
    soonest = std::min(soonest, each);
  }
  return soonest;
}

bool TableScanner::is_idle(std::uint32_t wait) const {
  return std::ranges::none_of(unscanned_, [&](const Key& key) { return key.wait == wait; });
}

}  // namespace portend::wait
