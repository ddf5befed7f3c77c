// SPDX-License-Identifier: MIT
#include "wait/board.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

namespace {

bool means_occupied(Reason reason) {
  return reason == Reason::accepted || reason == Reason::backlog_full || reason == Reason::listening;
}

bool means_nobody(Reason reason) {
  return reason == Reason::refused || reason == Reason::silent || reason == Reason::unreachable;
}

bool satisfies(State state, Goal goal) {
  return (state == State::occupied && goal == Goal::occupied) || (state == State::free && goal == Goal::free);
}

/// Which of two reasons tells people more about a target that nobody answers for.
int telling(Reason reason) {
  switch (reason) {
    case Reason::refused:
      return 3;
    case Reason::silent:
      return 2;
    case Reason::unreachable:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

TargetId Board::add(HostId host, std::uint16_t port, Goal goal) {
  const auto id = static_cast<TargetId>(targets_.size());
  targets_.push_back(Target{.host = host, .port = port, .goal = goal});
  if (goal != Goal::watch) ++goals_;
  return id;
}

void Board::begin(os::Instant now) {
  forget(now);
  // Thousands of targets are added one by one: what that took too much of is given back.
  targets_.shrink_to_fit();
  places_.reserve(targets_.size());
}

void Board::forget(os::Instant now) {
  places_.clear();
  unused_places_.clear();
  events_.clear();
  newly_reached_.clear();
  reached_ = 0;
  lost_ = 0;
  for (auto& target : targets_) {
    target = Target{.host = target.host, .port = target.port, .goal = target.goal, .since = now};
  }
}

PlaceId Board::new_place() {
  if (unused_places_.empty()) {
    places_.emplace_back();
    return static_cast<PlaceId>(places_.size() - 1);
  }
  const auto id = unused_places_.back();
  unused_places_.pop_back();
  return id;
}

void Board::locate(TargetId target_id, std::span<const Location> locations, os::Instant now,
                   std::vector<PlaceId>& gone, std::vector<PlaceId>& come) {
  auto& target = targets_[target_id];
  auto& places = target.places;
  const auto is_listed = [&](PlaceId id) {
    return std::ranges::find(locations, places_[id].endpoint.ip, &Location::ip) != locations.end();
  };
  const auto is_known = [&](const os::Ip& ip) {
    return std::ranges::any_of(places, [&](PlaceId id) { return places_[id].endpoint.ip == ip; });
  };

  const auto kept = std::stable_partition(places.begin(), places.end(), is_listed);
  for (auto place = kept; place != places.end(); ++place) {
    places_[*place].in_use = false;
    gone.push_back(*place);
  }
  places.erase(kept, places.end());

  for (const auto& [ip, distance] : locations) {
    if (is_known(ip)) continue;
    const auto id = new_place();
    places_[id] =
        Place{.endpoint = {ip, target.port}, .target = target_id, .distance = distance, .in_use = true};
    places.push_back(id);
    come.push_back(id);
  }
  // Only now: a place that is given up may have attempts under way until the caller drops them.
  unused_places_.insert(unused_places_.end(), gone.begin(), gone.end());
  if (target.reason == Reason::unresolved) target.reason = Reason::none;
  conclude(target_id, now);
}

void Board::saw(PlaceId id, Reason what, os::Instant now) {
  places_[id].seen = what;
  conclude(places_[id].target, now);
}

void Board::unresolved(TargetId id, bool for_good) {
  auto& target = targets_[id];
  if (target.places.empty()) target.reason = Reason::unresolved;
  if (for_good && !std::exchange(target.lost, true) && target.goal != Goal::watch) ++lost_;
}

void Board::conclude(TargetId id, os::Instant now) {
  auto& target = targets_[id];
  if (target.reached || target.places.empty()) return;

  const auto seen_at = [&](PlaceId place) { return places_[place].seen; };
  auto telling_place = target.places.front();
  bool nobody_anywhere = true;
  for (const auto place : target.places) {
    if (means_occupied(seen_at(place))) {
      telling_place = place;
      break;
    }
    nobody_anywhere = nobody_anywhere && means_nobody(seen_at(place));
    if (telling(seen_at(place)) > telling(seen_at(telling_place))) telling_place = place;
  }

  target.reason = seen_at(telling_place);
  target.decided_by =
      target.reason == Reason::none ? std::nullopt : std::optional(places_[telling_place].endpoint.ip);
  const auto state = means_occupied(target.reason) ? State::occupied
                     : nobody_anywhere             ? State::free
                                                   : target.state;
  if (state == target.state) return;

  target.state = state;
  target.since = now;
  events_.push({.target = id,
                .state = state,
                .reason = target.reason,
                .decided_by = target.decided_by,
                .at = now,
                .calendar = std::chrono::system_clock::now()});
  if (satisfies(state, target.goal)) {
    target.reached = true;
    target.reached_at = now;
    ++reached_;
    newly_reached_.push_back(id);
  }
}

bool Board::reached(Mode mode) const {
  return mode == Mode::all ? reached_ == goals_ && goals_ > 0 : reached_ > 0;
}

bool Board::hopeless(Mode mode) const {
  return mode == Mode::all ? lost_ > 0 : lost_ == goals_ && goals_ > 0;
}

std::vector<TargetId> Board::take_reached() { return std::exchange(newly_reached_, {}); }

}  // namespace portend::wait
