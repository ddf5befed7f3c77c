// SPDX-License-Identifier: MIT
#include "wait/connector.hpp"

#include <algorithm>
#include <bit>
#include <system_error>
#include <utility>

#include "os/thread.hpp"
#include "wait/backoff.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// A larger window gains nothing (measured).
constexpr std::size_t widest_window = 512;

constexpr os::Duration pause_without_descriptors = 10ms;

/// How long to keep an established connection after sending FIN, to receive what the server still sends. Most
/// servers close within a round trip.
constexpr os::Duration closing_limit = 100ms;

constexpr os::Poller::Token token_of(std::uint32_t slot, std::uint32_t generation) {
  return os::Poller::Token{generation} << 32 | slot;
}

bool is_out_of_descriptors(const std::system_error& failure) {
  return failure.code() == std::errc::too_many_files_open ||
         failure.code() == std::errc::too_many_files_open_in_system;
}

}  // namespace

std::size_t Connector::window() {
  if (window_ == 0) {
    widest_ = std::clamp<std::size_t>(os::descriptor_limit() / 2, 1, widest_window);
    window_ = widest_;
  }
  return window_;
}

os::Handshake Connector::handshake(Key key) const {
  return waits_[key.wait]->settings.needs_connection() ? os::Handshake::complete : os::Handshake::half_open;
}

void Connector::make_room(std::uint32_t wait, std::size_t candidates) {
  auto& connects = waits_[wait]->connects;
  if (connects.size() >= candidates) return;
  const auto before = connects.size();
  connects.resize(candidates);
  candidates_ += candidates - before;
}

void Connector::plan(Key key, os::Instant when) {
  auto& wait = *waits_[key.wait];
  auto& next = state(key).next;
  if (next != os::never) --wait.connects_planned;
  next = when;
  if (when == os::never) return;
  ++wait.connects_planned;
  due_[static_cast<std::size_t>(candidate(key).locality)].push({when, key});
}

bool Connector::is_current(const Due& entry) const {
  const auto& [wait, candidate] = entry.key;
  return wait < waits_.size() && waits_[wait] != nullptr && waits_[wait]->table.is_open(candidate) &&
         waits_[wait]->connects[candidate].next == entry.when;
}

bool Connector::is_current(const Expiry& entry) const {
  const auto& attempt = attempts_[entry.slot];
  return attempt.generation == entry.generation && attempt.phase != Phase::unused;
}

/// The first attempt at a candidate may use the whole window, and further attempts half of it. So silent
/// candidates leave room for others.
bool Connector::may_start(const Due& entry) {
  if (candidate(entry.key).locality == Locality::local) return true;
  return open_ < (state(entry.key).attempts == 0 ? window() : (window() + 1) / 2);
}

std::optional<Key> Connector::next_due(os::Instant now) {
  for (auto& queue : due_) {
    while (!queue.empty() && queue.top().when <= now) {
      const auto entry = queue.top();
      const bool current = is_current(entry);
      if (current && !may_start(entry)) break;
      queue.pop();
      if (!current) continue;
      plan(entry.key, os::never);
      return entry.key;
    }
  }
  return {};
}

std::optional<Observation> Connector::start(Key key, os::Instant now) {
  const auto& [endpoint, target, locality, finding, listing, in_use] = candidate(key);
  const auto expect =
      locality == Locality::local ? probe::Expect::answer_at_once : probe::Expect::answer_later;
  os::Descriptor socket;
  std::optional<probe::Answer> answer;
  try {
    answer = dialer_.connect(endpoint, expect, handshake(key), socket);
  } catch (const std::system_error& failure) {
    if (!is_out_of_descriptors(failure) || open_ == 0) throw;
    window_ = open_;
    plan(key, now + pause_without_descriptors);
    return {};
  }
  if (answer && !socket) return answered(key, *answer);
  const auto slot = adopt(key, std::move(socket), Phase::connecting);
  if (answer) return established(slot, now);
  const auto limit = waits_[key.wait]->attempt_limit;
  enter(slot, Phase::connecting, os::Poller::Interest::writable, os::saturating_add(now, limit));
  auto& connect = state(key);
  if (connect.silent_since == os::never) connect.silent_since = now;
  return Observation{.kind = Observation::Kind::pending, .key = key, .slot = slot};
}

std::uint32_t Connector::adopt(Key key, os::Descriptor socket, Phase phase) {
  if (free_slots_.empty()) {
    free_slots_.reserve(std::bit_ceil(attempts_.size() + 1));  // so that release() needs no memory
    attempts_.emplace_back();
    free_slots_.push_back(static_cast<std::uint32_t>(attempts_.size() - 1));
  }
  const auto slot = free_slots_.back();
  free_slots_.pop_back();
  auto& attempt = attempts_[slot];
  attempt.socket = std::move(socket);
  attempt.key = key;
  attempt.phase = phase;
  ++open_;
  ++waits_[key.wait]->connects_open;
  ++state(key).attempts;
  return slot;
}

void Connector::enter(std::uint32_t slot, Phase phase, os::Poller::Interest interest, os::Instant until) {
  auto& attempt = attempts_[slot];
  attempt.phase = phase;
  attempt.generation = (attempt.generation + 1) & 0x3fffffffU;  // below the special tokens
  try {
    poller_.get().watch(attempt.socket.get(), interest, token_of(slot, attempt.generation));
    expiries_.push({until, slot, attempt.generation});
  } catch (...) {
    release(slot);
    throw;
  }
  window_ = std::min(window() + 1, widest_);  // a descriptor was available, so more may be
}

void Connector::release(std::uint32_t slot) {
  auto& attempt = attempts_[slot];
  if (attempt.phase == Phase::unused) return;
  // A child that was forked meanwhile has a copy, which would keep the poller's watch alive.
  poller_.forget(attempt.socket.get());
  attempt.socket.reset();
  const bool counted = attempt.phase != Phase::closing;
  attempt.phase = Phase::unused;
  attempt.generation = (attempt.generation + 1) & 0x3fffffffU;
  --open_;
  --waits_[attempt.key.wait]->connects_open;
  if (counted) --state(attempt.key).attempts;
  free_slots_.push_back(slot);
}

void Connector::drop(Key key) {
  for (std::uint32_t slot = 0; slot < attempts_.size() && state(key).attempts > 0; ++slot) {
    const auto& attempt = attempts_[slot];
    const bool is_meant = attempt.phase == Phase::connecting || attempt.phase == Phase::holding;
    if (is_meant && attempt.key.wait == key.wait && attempt.key.candidate == key.candidate) release(slot);
  }
}

void Connector::remove(std::uint32_t wait) {
  for (std::uint32_t slot = 0; slot < attempts_.size() && waits_[wait]->connects_open > 0; ++slot) {
    if (attempts_[slot].phase != Phase::unused && attempts_[slot].key.wait == wait) release(slot);
  }
  waits_[wait]->connects_planned = 0;
  candidates_ -= waits_[wait]->connects.size();
  waits_[wait]->connects.clear();
}

void Connector::release() noexcept {
  for (auto& queue : due_) queue.clear();
  expiries_.clear();
  attempts_.clear();
  free_slots_.clear();
  window_ = 0;
  dialer_.release();
}

Observation Connector::answered(Key key, const probe::Answer& answer) {
  auto& connect = state(key);
  connect.silent_attempts = 0;
  connect.silent_since = os::never;
  return {.kind = Observation::Kind::answer, .key = key, .answer = answer};
}

/// Handles a connection that the server has accepted. It counts at once, or after it has stayed open for the
/// required time.
std::optional<Observation> Connector::established(std::uint32_t slot, os::Instant now) {
  const auto key = attempts_[slot].key;
  const auto stable = waits_[key.wait]->settings.stable;
  if (stable > os::Duration::zero()) {
    enter(slot, Phase::holding, os::Poller::Interest::readable, os::saturating_add(now, stable));
    plan(key, os::never);
    return {};
  }
  begin_closing(slot, now);
  return answered(key, {probe::Answer::Kind::accepted});
}

void Connector::begin_closing(std::uint32_t slot, os::Instant now) {
  auto& attempt = attempts_[slot];
  --state(attempt.key).attempts;
  attempt.phase = Phase::closing;
  os::finish_sending(attempt.socket);
  enter(slot, Phase::closing, os::Poller::Interest::readable, now + closing_limit);
}

std::optional<Key> Connector::key_of(os::Poller::Token token) const {
  const auto slot = static_cast<std::uint32_t>(token);
  if (slot >= attempts_.size() || attempts_[slot].phase == Phase::unused) return {};
  if (token != token_of(slot, attempts_[slot].generation)) return {};
  return attempts_[slot].key;
}

std::optional<Observation> Connector::on_ready(os::Poller::Token token, os::Instant now) {
  if (!key_of(token)) return {};
  const auto slot = static_cast<std::uint32_t>(token);
  auto& attempt = attempts_[slot];
  const auto key = attempt.key;
  if (attempt.phase != Phase::connecting) {
    if (!os::discard_input(attempt.socket)) return {};
    const bool early = attempt.phase == Phase::holding;
    release(slot);
    return early ? std::optional(Observation{.kind = Observation::Kind::closed_early, .key = key})
                 : std::nullopt;
  }
  auto& poller = poller_.get();
  poller.forget(attempt.socket.get());
  const auto answer = dialer_.ask(candidate(key).endpoint, handshake(key), attempt.socket);
  if (!answer) {
    poller.watch(attempt.socket.get(), os::Poller::Interest::writable, token);
    return {};
  }
  if (attempt.socket) return established(slot, now);
  release(slot);
  return answered(key, *answer);
}

std::optional<Observation> Connector::next_expired(os::Instant now) {
  while (!expiries_.empty() && expiries_.top().when <= now) {
    const auto entry = expiries_.top();
    expiries_.pop();
    if (!is_current(entry)) continue;
    const auto key = attempts_[entry.slot].key;
    // An answer may have arrived that the poller has not reported yet.
    if (auto observation = on_ready(token_of(entry.slot, entry.generation), now)) return observation;
    // Also an end without an answer may be what the wait needs to conclude.
    if (!is_current(entry)) return Observation{.kind = Observation::Kind::closed, .key = key};
    switch (attempts_[entry.slot].phase) {
      case Phase::connecting: {
        auto& silent = state(key).silent_attempts;
        silent = static_cast<std::uint8_t>(std::min(silent + 1, 255));
        return Observation{.kind = Observation::Kind::silent, .key = key, .slot = entry.slot};
      }
      case Phase::holding:
        poller_.forget(attempts_[entry.slot].socket.get());
        begin_closing(entry.slot, now);
        return answered(key, {probe::Answer::Kind::accepted});
      case Phase::closing:
      case Phase::unused:
        release(entry.slot);
        return Observation{.kind = Observation::Kind::closed, .key = key};
    }
  }
  return {};
}

os::Instant Connector::next() {
  os::Instant soonest = os::never;
  while (!expiries_.empty() && !is_current(expiries_.top())) expiries_.pop();
  if (!expiries_.empty()) soonest = expiries_.top().when;
  for (auto& queue : due_) {
    while (!queue.empty() && !is_current(queue.top())) queue.pop();
    if (!queue.empty() && may_start(queue.top())) soonest = std::min(soonest, queue.top().when);
  }
  return soonest;
}

}  // namespace portend::wait
