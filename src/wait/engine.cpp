// SPDX-License-Identifier: MIT
#include "wait/engine.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "wait/backoff.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// Bounds an iteration, so that a wait for many targets is canceled as promptly as one for few.
constexpr os::Duration longest_iteration = 5ms;

/// How many attempts start between two readings of the clock.
constexpr int connects_per_clock_check = 32;

/// How often to check whether a process is alive, if the system does not report its end.
constexpr os::Duration process_poll = 20ms;

constexpr std::size_t few_candidates = 64;

/// Runs a part of a wait. An error of the system ends that wait only.
template <class Work>
void on_behalf_of(Wait& wait, Work&& work) {
  try {
    work();
  } catch (...) {
    wait.failure = std::current_exception();
  }
}

}  // namespace

Engine::Engine() : connector_(waits_, poller_), scanner_(waits_, poller_), resolver_(waits_, poller_) {}

void Engine::start(Wait& wait) {
  if (unused_ids_.empty()) {
    const auto room = std::bit_ceil(waits_.size() + 1);
    deadlines_.reserve(room);
    waits_.reserve(room);
    unused_ids_.reserve(room);  // so that stop() needs no memory
    unused_ids_.push_back(static_cast<std::uint32_t>(waits_.size()));
    deadlines_.push_back(os::never);
    waits_.push_back(nullptr);
  }
  const auto id = unused_ids_.back();
  unused_ids_.pop_back();
  waits_[id] = &wait;
  wait.id_in_engine = id;
  if (wait.process) ++processes_;
  try {
    deadlines_[id] = wait.deadline;
    scanner_.add(id);
    resolver_.add(id);
    touch(id);
    if (wakeup_armed_) watch_process(id);
  } catch (...) {
    stop(wait);
    throw;
  }
}

bool Engine::stop(Wait& wait) noexcept {
  if (!wait.id_in_engine) return false;
  const auto id = *std::exchange(wait.id_in_engine, std::nullopt);
  resolver_.remove(id);
  scanner_.remove(id);
  connector_.remove(id);
  if (wait.process) {
    if (wait.process->descriptor() >= 0) poller_.forget(wait.process->descriptor());
    wait.process.reset();
    --processes_;
  }
  if (std::exchange(wait.touched, false)) std::erase(touched_, id);
  deadlines_[id] = os::never;
  waits_[id] = nullptr;
  unused_ids_.push_back(id);
  return true;
}

void Engine::cancel_all() noexcept {
  for (auto* wait : waits_) {
    if (wait == nullptr) continue;
    wait->outcome = Outcome::canceled;
    stop(*wait);
  }
}

std::span<Wait* const> Engine::run_once() {
  const auto now = os::Clock::now();
  handle_ready(now);
  check_processes(now);
  expire_attempts(now);
  resolve_names(now);
  scan_socket_table(now);
  connect(now);
  return conclude(now);
}

void Engine::touch(std::uint32_t id) {
  if (waits_[id]->touched) return;
  touched_.push_back(id);
  waits_[id]->touched = true;
}

void Engine::touch_canceled() {
  if (!has_canceled_.exchange(false)) return;
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (waits_[id] != nullptr && waits_[id]->canceled.load()) touch(id);
  }
}

void Engine::handle_ready(os::Instant now) {
  for (const auto token : std::exchange(ready_, {})) {
    if (token == token::listener_closed) {
      if (scanner_.collect_closed()) look_at_collected(now);
    } else if (token == token::lookup) {
      resolver_.drain_wakeup();
    } else if (token == token::wakeup) {
      wakeup_->clear();
      touch_canceled();
    } else if (const auto key = connector_.key_of(token)) {
      touch(key->wait);
      on_behalf_of(*waits_[key->wait], [&] {
        if (const auto seen = connector_.on_ready(token, now)) observe(*seen, now);
      });
    }
  }
}

void Engine::check_processes(os::Instant now) {
  for (std::uint32_t id = 0; id < waits_.size() && processes_ > 0; ++id) {
    auto* wait = waits_[id];
    if (wait == nullptr || !wait->process || wait->process_ended || wait->process->alive()) continue;
    wait->process_ended = true;
    deadlines_[id] = std::min(deadlines_[id], now);  // only the final probe is made
  }
}

void Engine::expire_attempts(os::Instant now) {
  while (const auto seen = connector_.next_expired(now)) {
    touch(seen->key.wait);
    on_behalf_of(*waits_[seen->key.wait], [&] { observe(*seen, now); });
  }
}

void Engine::resolve_names(os::Instant now) {
  while (auto resolved = resolver_.next_result(now)) {
    touch(resolved->key.wait);
    on_behalf_of(*waits_[resolved->key.wait], [&] { apply_resolution(*resolved, now); });
  }
}

void Engine::scan_socket_table(os::Instant now) {
  if (!scanner_.collect_due(deadlines_, now)) return;
  look_at_collected(now);
  // A listener may have closed before the kernel was asked to report it.
  if (scanner_.subscribe()) look_at_collected(now);
}

void Engine::look_at_collected(os::Instant now) {
  for (const auto& seen : scanner_.look()) {
    touch(seen.key.wait);
    on_behalf_of(*waits_[seen.key.wait], [&] { observe(seen, now); });
  }
  scanner_.plan_next(now);
}

void Engine::connect(os::Instant now) {
  plan_final_probes(now);
  const auto slice_end = now + longest_iteration;
  int started = 0;
  auto clock = now;
  while (const auto key = connector_.next_due(clock)) {
    auto& wait = *waits_[key->wait];
    touch(key->wait);
    if (wait.failure) continue;
    if (wait.table.candidates().size() > few_candidates)
      arm_wakeup();  // before attempts use up the descriptors
    on_behalf_of(wait, [&] {
      wait.table.count_probe(key->candidate);
      if (const auto seen = connector_.start(*key, clock)) observe(*seen, clock);
    });
    if (++started % connects_per_clock_check != 0) continue;
    clock = os::Clock::now();
    if (clock >= slice_end) return;
  }
}

/// At the end of a wait, asks once more what the socket table does not show, if the answer comes at once.
void Engine::plan_final_probes(os::Instant now) {
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (waits_[id] == nullptr || deadlines_[id] > now) continue;
    const auto& table = waits_[id]->table;
    if (table.candidates().size() > few_candidates) continue;
    for (CandidateId candidate = 0; candidate < table.candidates().size(); ++candidate) {
      const auto known = situation({id, candidate}, now);
      const bool unknown = known.locality == Locality::local && known.listing == os::Listening::unknown;
      const bool may_connect = known.evidence != Evidence::table && !needs_socket_table(known.goal);
      if (table.is_open(candidate) && unknown && may_connect) connector_.plan({id, candidate}, now);
    }
  }
}

std::span<Wait* const> Engine::conclude(os::Instant now) {
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (deadlines_[id] <= now) touch(id);
  }
  concluded_.clear();
  concluded_.reserve(touched_.size());  // so that no conclusion is lost for lack of memory
  for (const auto id : touched_) {
    auto& wait = *waits_[id];
    wait.touched = false;
    if (wait.outcome == Outcome::pending) wait.outcome = outcome_of(id, now);
    if (deadlines_[id] <= now)
      deadlines_[id] = os::never;  // the wait ends now, or after closing its connections
    concluded_.push_back(&wait);
  }
  touched_.clear();
  return concluded_;
}

Outcome Engine::outcome_of(std::uint32_t id, os::Instant now) const {
  const auto& wait = *waits_[id];
  if (wait.canceled.load()) return Outcome::canceled;
  if (wait.failure) return Outcome::failed;
  if (wait.mode && wait.table.reached(*wait.mode)) {
    // Connections that servers have accepted are closed with FIN before the wait ends.
    return wait.connects_open > 0 && wait.settings.needs_connection() ? Outcome::pending : Outcome::reached;
  }
  if (wait.process_ended) return Outcome::gone;
  if (deadlines_[id] <= now) return Outcome::timed_out;
  if (wait.unsupported) return Outcome::unsupported;
  if (wait.mode && wait.table.cannot_succeed(*wait.mode)) return Outcome::unresolved;
  return wait.once && is_idle(id) ? Outcome::timed_out : Outcome::pending;
}

/// Whether a wait has no more probes to make.
bool Engine::is_idle(std::uint32_t id) const {
  const auto& wait = *waits_[id];
  return resolver_.is_idle(id) && scanner_.is_idle(id) && wait.connects_planned == 0 &&
         wait.connects_open == 0;
}

os::Instant Engine::next() {
  auto soonest = std::min({resolver_.next(), scanner_.next(), connector_.next()});
  if (!touched_.empty()) return os::Instant::min();
  if (!deadlines_.empty()) soonest = std::min(soonest, std::ranges::min(deadlines_));
  for (std::uint32_t id = 0; id < waits_.size() && processes_ > 0; ++id) {
    const bool polled = waits_[id] != nullptr && waits_[id]->process && waits_[id]->process->descriptor() < 0;
    if (polled) soonest = std::min(soonest, os::Clock::now() + process_poll);
  }
  return soonest;
}

WakeReason Engine::sleep(os::Instant until) {
  arm_wakeup();
  const auto ready = poller_.get().wait(std::min(until, next()));
  ready_ = ready.value_or(std::span<const os::Poller::Token>());
  return ready ? WakeReason::in_time : WakeReason::by_signal;
}

int Engine::descriptor() {
  arm_wakeup();
  return poller_.get().descriptor(next());
}

void Engine::poll() {
  if (poller_.is_made()) ready_ = poller_.get().poll();
}

/// This thread creates the wakeup before it reads the flag. The thread that raises the wakeup sets the flag
/// before it reads the wakeup. So at least one of them sees the change of the other.
void Engine::arm_wakeup() {
  if (wakeup_armed_) return;
  if (!wakeup_) wakeup_.emplace();
  raised_by_.store(&*wakeup_);
  auto& poller = poller_.get();
  poller.watch(wakeup_->descriptor(), os::Poller::Interest::readable, token::wakeup);
  wakeup_armed_ = true;  // if the system refuses it, the group retries later
  for (std::uint32_t id = 0; id < waits_.size(); ++id) watch_process(id);
  touch_canceled();
}

void Engine::watch_process(std::uint32_t id) {
  const auto* wait = waits_[id];
  if (wait == nullptr || !wait->process || wait->process->descriptor() < 0) return;
  poller_.get().watch(wait->process->descriptor(), os::Poller::Interest::readable, token::process + id);
}

void Engine::wake() const noexcept {
  if (const auto* wakeup = raised_by_.load()) wakeup->raise();
}

void Engine::wake_for_cancel() const noexcept {
  has_canceled_.store(true);
  wake();
}

void Engine::release() noexcept {
  if (std::ranges::any_of(waits_, [](const Wait* wait) { return wait != nullptr; })) return;
  waits_.clear();
  unused_ids_.clear();
  deadlines_.clear();
  ready_ = {};
  wakeup_armed_ = false;
  scanner_.release();
  resolver_.release();
  connector_.release();
  poller_.reset();
}

void Engine::release_wakeup() noexcept {
  raised_by_.store(nullptr);
  wakeup_.reset();
}

}  // namespace portend::wait
