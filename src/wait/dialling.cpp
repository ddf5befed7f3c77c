// SPDX-License-Identifier: MIT
#include "wait/dialling.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "os/thread.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// Beyond this a larger window gains nothing.
constexpr std::size_t widest_window = 512;

constexpr os::Duration pause_without_descriptors = 10ms;

/// How many dials go between two looks at the clock.
constexpr int dials_a_tick = 32;

constexpr os::Poller::Token token_of(std::uint32_t slot, std::uint32_t generation) {
  return os::Poller::Token{generation} << 32 | slot;
}

bool is_out_of_descriptors(const std::system_error& failure) {
  return failure.code() == std::errc::too_many_files_open ||
         failure.code() == std::errc::too_many_files_open_in_system;
}

Reason reason_of(probe::Answer answer) {
  switch (answer) {
    case probe::Answer::accepted:
      return Reason::accepted;
    case probe::Answer::refused:
      return Reason::refused;
    case probe::Answer::unreachable:
      break;
  }
  return Reason::unreachable;
}

}  // namespace

Dialling::Dialling(Board& board, probe::Neighbourhood& neighbourhood, Sleeper& sleeper,
                   const Settings& settings)
    : board_(board), neighbourhood_(neighbourhood), sleeper_(sleeper), settings_(settings), pace_(settings) {}

bool Dialling::window_full() {
  if (window_ == 0) {
    widest_ = std::clamp<std::size_t>(os::descriptor_limit() / 2, 1, widest_window);
    window_ = widest_;
  }
  return under_way_ >= window_;
}

void Dialling::end() {
  queues_ = {};
  attempts_.clear();
  free_slots_.clear();
  expiries_.clear();
  under_way_ = 0;
  window_ = widest_ = 0;
  dialer_ = {};
}

void Dialling::schedule(PlaceId id, os::Instant when) {
  auto& place = board_.place(id);
  place.due = when;
  if (when != os::never) queues_[static_cast<std::size_t>(place.distance)].push({when, id});
}

bool Dialling::is_current(const Due& entry) const {
  return board_.place(entry.place).due == entry.when && board_.is_open(entry.place);
}

void Dialling::run(os::Instant now, os::Instant slice_end) {
  expire(now);
  for (auto& queue : queues_) {
    if (!run_queue(queue, now, slice_end)) return;
  }
}

bool Dialling::run_queue(Queue& queue, os::Instant& now, os::Instant slice_end) {
  for (int dialled = 0; !queue.empty() && queue.top().when <= now;) {
    const auto entry = queue.top();
    const bool far = board_.place(entry.place).distance == Distance::far;
    if (far && window_full()) return true;
    queue.pop();
    if (!is_current(entry)) continue;
    dial(entry.place, now);
    if (++dialled % dials_a_tick != 0) continue;
    now = os::Clock::now();
    if (now >= slice_end) return false;
  }
  return true;
}

void Dialling::dial(PlaceId id, os::Instant now) {
  const auto endpoint = board_.place(id).endpoint;
  const auto distance = board_.place(id).distance;
  board_.place(id).due = os::never;
  board_.count_probe(id);

  os::Descriptor socket;
  bool full = false;
  try {
    if (const auto answer = dialer_.dial(endpoint, distance, socket)) return settle(id, *answer, now);
    full = distance == Distance::near && neighbourhood_.is_full(endpoint);
  } catch (const std::system_error& failure) {
    if (!is_out_of_descriptors(failure) || under_way_ == 0) throw;
    window_ = under_way_;
    return schedule(id, now + pause_without_descriptors);
  }
  if (full) {
    drop(id);
    board_.saw(id, Reason::backlog_full, now);
    return schedule(id, next_look(id, probe::Answer::accepted, now));
  }
  wait_for_answer(id, std::move(socket), now);
}

void Dialling::wait_for_answer(PlaceId id, os::Descriptor socket, os::Instant now) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(attempts_.size()));
    attempts_.emplace_back();
  }
  const auto slot = free_slots_.back();
  auto& attempt = attempts_[slot];
  sleeper_.poller().watch(socket.get(), os::Poller::Interest::writable, token_of(slot, attempt.generation));
  free_slots_.pop_back();
  attempt.socket = std::move(socket);
  attempt.place = id;
  ++under_way_;
  window_ = std::min(window_ + 1, widest_);  // there was a descriptor, there may be more
  expiries_.push({os::saturating_add(now, settings_.attempt_limit), slot, attempt.generation});

  auto& place = board_.place(id);
  const auto waited = now - board_.target_of(id).since;
  if (++place.attempts < most_attempts_at_a_place && !once_) schedule(id, now + pace_.silence(waited));
}

os::Descriptor Dialling::take(std::uint32_t slot) {
  auto& attempt = attempts_[slot];
  auto socket = std::exchange(attempt.socket, {});
  if (socket) sleeper_.poller().forget(socket.get());
  // 30 bits, so that no token of an attempt looks like a special one.
  attempt.generation = (attempt.generation + 1) & 0x3fffffffU;
  --board_.place(attempt.place).attempts;
  free_slots_.push_back(slot);
  --under_way_;
  return socket;
}

void Dialling::drop(PlaceId id) {
  for (std::uint32_t slot = 0; slot < attempts_.size() && board_.place(id).attempts > 0; ++slot) {
    if (attempts_[slot].socket && attempts_[slot].place == id) take(slot);
  }
}

void Dialling::answered(os::Poller::Token token, os::Instant now) {
  const auto slot = static_cast<std::uint32_t>(token);
  const auto generation = static_cast<std::uint32_t>(token >> 32);
  if (slot >= attempts_.size() || attempts_[slot].generation != generation || !attempts_[slot].socket) {
    return;
  }
  const auto id = attempts_[slot].place;
  auto& attempt = attempts_[slot];
  const auto endpoint = board_.place(id).endpoint;
  sleeper_.poller().forget(attempt.socket.get());
  if (const auto answer = dialer_.ask(attempt.socket, endpoint)) {
    take(slot);
    return settle(id, *answer, now);
  }
  sleeper_.poller().watch(attempt.socket.get(), os::Poller::Interest::writable, token);
}

void Dialling::settle(PlaceId id, probe::Answer answer, os::Instant now) {
  drop(id);
  board_.saw(id, reason_of(answer), now);
  schedule(id, next_look(id, answer, now));
}

void Dialling::expire(os::Instant now) {
  while (!expiries_.empty() && expiries_.front().when <= now) {
    const auto [when, slot, generation] = expiries_.front();
    expiries_.pop();
    // It may have an answer that nobody has heard yet.
    answered(token_of(slot, generation), now);
    if (attempts_[slot].generation != generation || !attempts_[slot].socket) continue;
    const auto id = attempts_[slot].place;
    take(slot);
    board_.saw(id, Reason::silent, now);
    if (board_.place(id).due == os::never && !once_) schedule(id, now);
  }
}

os::Instant Dialling::next_look(PlaceId id, probe::Answer answer, os::Instant now) const {
  const auto& place = board_.place(id);
  const auto waited = now - board_.target_of(id).since;
  const bool nobody = answer != probe::Answer::accepted;
  if (once_) return os::never;
  if (place.distance == Distance::near && place.hint != os::Listening::unknown) {
    const bool table_agrees = nobody == (place.hint == os::Listening::no);
    if (table_agrees) {
      return nobody ? now + pace_.disbelief(waited, board_.place_slots()) : os::never;
    }
    return now + (nobody ? pace_.far_refusal(waited) : pace_.far_departure(waited));
  }
  if (!nobody) return now + pace_.far_departure(waited);
  return now + (place.distance == Distance::near ? pace_.near_arrival(waited) : pace_.far_refusal(waited));
}

os::Instant Dialling::next() {
  os::Instant soonest = expiries_.empty() ? os::never : expiries_.front().when;
  for (auto& queue : queues_) {
    while (!queue.empty() && !is_current(queue.top())) queue.pop();
    if (queue.empty()) continue;
    const bool far = board_.place(queue.top().place).distance == Distance::far;
    if (!far || !window_full()) soonest = std::min(soonest, queue.top().when);
  }
  return soonest;
}

}  // namespace portend::wait
