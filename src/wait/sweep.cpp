// SPDX-License-Identifier: MIT
#include "wait/sweep.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

namespace {

/// Looks at so few cost nothing; at more of them, all looks together get 5 % of a processor.
constexpr std::size_t few = 64;
constexpr int share_of_processor = 20;

bool is_somebody(os::Listening says) {
  return says == os::Listening::yes || says == os::Listening::backlog_full;
}

bool is_nobody(Reason seen) {
  return seen == Reason::refused || seen == Reason::silent || seen == Reason::unreachable;
}

}  // namespace

Sweep::Sweep(Board& board, Dialling& dialling, probe::Neighbourhood& neighbourhood, Sleeper& sleeper,
             const Settings& settings)
    : board_(board), dialling_(dialling), neighbourhood_(neighbourhood), sleeper_(sleeper), pace_(settings) {}

void Sweep::end() {
  next_ = os::never;
  cost_ = {};
  departures_.reset();
  asked_for_departures_ = false;
}

void Sweep::welcome(PlaceId id, os::Instant now) {
  // Who waits for a server has to connect to it anyway. Who waits for it to leave does not
  // want to disturb it.
  if (board_.target_of(id).goal == Goal::occupied || neighbourhood_.table() == nullptr) {
    dialling_.schedule(id, now);
    if (!once_) next_ = std::min(next_, now + pace_.near_arrival({}));
  } else {
    next_ = now;
  }
}

void Sweep::run(os::Instant now) {
  if (next_ <= now) look(now);
}

void Sweep::look(os::Instant now) {
  if (next_ == os::never) return;
  next_ = os::never;
  if (neighbourhood_.table() == nullptr) return;
  collect(nullptr);
  if (places_.empty()) return;
  look_at_collected(now);
  if (once_) return;
  if (ask_for_departures()) look_at_collected(now);
  plan_next(now, os::Clock::now() - now);
}

void Sweep::departed(os::Instant now) {
  if (!departures_) return;
  const auto ports = departures_->drain();
  collect(ports ? &*ports : nullptr);
  if (!places_.empty()) look_at_collected(now);
}

/// All places that may be asked for, or those on `ports`.
void Sweep::collect(const std::vector<std::uint16_t>* ports) {
  places_.clear();
  endpoints_.clear();
  if (ports == nullptr) {
    places_.reserve(board_.place_slots());
    endpoints_.reserve(board_.place_slots());
  }
  for (PlaceId id = 0; id < board_.place_slots(); ++id) {
    const auto& place = board_.place(id);
    if (place.distance != Distance::near || !board_.is_open(id)) continue;
    if (ports != nullptr && std::ranges::find(*ports, place.endpoint.port) == ports->end()) continue;
    places_.push_back(id);
    endpoints_.push_back(place.endpoint);
  }
}

void Sweep::look_at_collected(os::Instant now) {
  found_.resize(endpoints_.size());
  neighbourhood_.table()->look(endpoints_, found_);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    board_.count_probe(places_[i]);
    learn(places_[i], found_[i], now);
  }
}

void Sweep::learn(PlaceId id, os::Listening says, os::Instant now) {
  auto& place = board_.place(id);
  const auto said = std::exchange(place.hint, says);
  const auto waited = now - board_.target_of(id).since;
  if (says == os::Listening::unknown) {
    const bool nobody_dials = place.due == os::never && place.attempts == 0;
    if (nobody_dials) dialling_.schedule(id, now + pace_.near_arrival(waited));
    return;
  }
  if (says == said) return;
  if (says == os::Listening::backlog_full) {
    dialling_.drop(id);
    dialling_.schedule(id, os::never);
    board_.saw(id, Reason::backlog_full, now);
  } else if (says == os::Listening::yes && board_.target_of(id).goal == Goal::free) {
    board_.saw(id, Reason::listening, now);
  } else if (says == os::Listening::no && is_nobody(place.seen)) {
    dialling_.schedule(id, now + pace_.disbelief(waited, board_.place_slots()));
  } else if (place.due > now) {
    dialling_.schedule(id, now);
  }
}

/// True when it has just begun to take notices: what left before that is not among them.
bool Sweep::ask_for_departures() {
  const auto may_leave = [&](PlaceId id) {
    return is_somebody(board_.place(id).hint) && board_.target_of(id).goal != Goal::occupied;
  };
  if (asked_for_departures_ || std::ranges::none_of(places_, may_leave)) return false;
  asked_for_departures_ = true;
  std::vector<std::uint16_t> ports;
  for (const auto& target : board_.targets()) {
    if (target.goal != Goal::occupied) ports.push_back(target.port);
  }
  departures_ = os::Departures::open(ports);
  if (!departures_) return false;
  sleeper_.poller().watch(departures_->descriptor(), os::Poller::Interest::readable, token::departures);
  return true;
}

void Sweep::plan_next(os::Instant now, os::Duration cost) {
  auto arrival_awaited_since = os::Instant::min();
  bool departure_awaited = false;
  for (const auto id : places_) {
    const auto& target = board_.target_of(id);
    if (target.reached) continue;
    if (target.state == State::occupied && departures_) {
      departure_awaited = true;
    } else {
      arrival_awaited_since = std::max(arrival_awaited_since, target.since);
    }
  }
  auto pause = os::Duration::max();
  if (arrival_awaited_since > os::Instant::min()) {
    pause = pace_.near_arrival(now - arrival_awaited_since);
  }
  if (departure_awaited) {
    pause = std::min(pause, pace_.near_departure());
  }
  if (places_.size() > few) {
    // One look that was itself held up must not hold up the next ones.
    cost_ = cost_ == os::Duration::zero() ? cost : std::min(cost, 2 * cost_);
    pause = std::max(pause, cost_ * share_of_processor);
  }
  next_ = os::saturating_add(now, pause);
}

}  // namespace portend::wait
