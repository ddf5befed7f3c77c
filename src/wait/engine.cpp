// SPDX-License-Identifier: MIT
#include "wait/engine.hpp"

#include <algorithm>
#include <utility>

#include "wait/backoff.hpp"

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// No iteration takes much longer, so that a wait for many is canceled as soon as one for few.
constexpr os::Duration longest_iteration = 5ms;

/// How many attempts start between two looks at the clock.
constexpr int connects_per_clock_check = 32;

/// Where nothing tells that a process has ended it is asked for, this often.
constexpr os::Duration process_poll = 20ms;

constexpr std::size_t few = 64;

/// Runs a part of a wait; what the system refuses ends that wait, and no other one.
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
  auto slot = std::ranges::find(waits_, nullptr);
  if (slot == waits_.end()) slot = waits_.insert(waits_.end(), nullptr);
  *slot = &wait;
  const auto id = static_cast<std::uint32_t>(slot - waits_.begin());
  try {
    resolver_.add(id, wait.began);
    if (wakeup_armed_) watch_process(id);
  } catch (...) {
    stop(wait);
    throw;
  }
}

void Engine::stop(Wait& wait) noexcept {
  const auto slot = std::ranges::find(waits_, &wait);
  if (slot == waits_.end()) return;
  const auto id = static_cast<std::uint32_t>(slot - waits_.begin());
  resolver_.remove(id);
  scanner_.remove(id);
  connector_.remove(id);
  if (wait.process && wait.process->descriptor() >= 0) {
    poller_.forget(wait.process->descriptor());
  }
  wait.process.reset();
  *slot = nullptr;
  while (!waits_.empty() && waits_.back() == nullptr) waits_.pop_back();
}

void Engine::run_once() {
  const auto now = os::Clock::now();
  handle_ready(now);
  check_processes(now);
  expire_attempts(now);
  resolve_names(now);
  scan_socket_table(now);
  connect(now);
  conclude(now);
}

void Engine::handle_ready(os::Instant now) {
  for (const auto token : std::exchange(ready_, {})) {
    if (token == token::listener_closed) {
      if (scanner_.collect_closed()) look_at_collected(now);
    } else if (token == token::lookup) {
      resolver_.drain_wakeup();
    } else if (token == token::wakeup) {
      wakeup_->clear();
    } else if (const auto key = connector_.key_of(token)) {
      on_behalf_of(*waits_[key->wait], [&] {
        if (const auto seen = connector_.on_ready(token, now)) observe(*seen, now);
      });
    }
  }
}

void Engine::check_processes(os::Instant now) {
  for (auto* wait : waits_) {
    if (wait == nullptr || !wait->process || wait->process_ended || wait->process->alive()) continue;
    wait->process_ended = true;
    wait->deadline = std::min(wait->deadline, now);  // a last look is made, and no further one
  }
}

void Engine::expire_attempts(os::Instant now) {
  while (const auto seen = connector_.next_expired(now)) {
    on_behalf_of(*waits_[seen->key.wait], [&] { observe(*seen, now); });
  }
}

void Engine::resolve_names(os::Instant now) {
  while (auto resolved = resolver_.next_result(now)) {
    on_behalf_of(*waits_[resolved->key.wait], [&] { apply_resolution(*resolved, now); });
  }
}

void Engine::scan_socket_table(os::Instant now) {
  if (!scanner_.collect_due(now)) return;
  look_at_collected(now);
  // A listener may have closed before the kernel was asked for notice of that.
  if (scanner_.subscribe()) look_at_collected(now);
}

void Engine::look_at_collected(os::Instant now) {
  for (const auto& seen : scanner_.look()) {
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
    if (wait.failure) continue;
    if (wait.table.candidates().size() > few) arm_wakeup();  // before attempts take all descriptors
    on_behalf_of(wait, [&] {
      wait.table.count_probe(key->candidate);
      if (const auto seen = connector_.start(*key, clock)) observe(*seen, clock);
    });
    if (++started % connects_per_clock_check != 0) continue;
    clock = os::Clock::now();
    if (clock >= slice_end) return;
  }
}

/// What the socket table does not tell is asked once more when a wait ends, as far as that takes
/// no time.
void Engine::plan_final_probes(os::Instant now) {
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (waits_[id] == nullptr || waits_[id]->deadline > now) continue;
    const auto& table = waits_[id]->table;
    if (table.candidates().size() > few) continue;
    for (CandidateId candidate = 0; candidate < table.candidates().size(); ++candidate) {
      const auto known = situation({id, candidate}, now);
      const bool unknown = known.locality == Locality::local && known.listing == os::Listening::unknown;
      const bool may_connect = known.evidence != Evidence::table && !needs_socket_table(known.goal);
      if (table.is_open(candidate) && unknown && may_connect) connector_.plan({id, candidate}, now);
    }
  }
}

void Engine::conclude(os::Instant now) {
  for (std::uint32_t id = 0; id < waits_.size(); ++id) {
    if (waits_[id] != nullptr && waits_[id]->outcome == Outcome::pending)
      waits_[id]->outcome = outcome_of(id, now);
  }
}

Outcome Engine::outcome_of(std::uint32_t id, os::Instant now) const {
  const auto& wait = *waits_[id];
  if (wait.canceled.load()) return Outcome::canceled;
  if (wait.failure) return Outcome::failed;
  if (wait.mode && wait.table.reached(*wait.mode)) {
    // Connections that servers know of are closed in good order first.
    return wait.connects_open > 0 && wait.settings.needs_connection() ? Outcome::pending : Outcome::reached;
  }
  if (wait.process_ended) return Outcome::gone;
  if (wait.deadline <= now) return Outcome::timed_out;
  if (wait.unsupported) return Outcome::unsupported;
  if (wait.mode && wait.table.cannot_succeed(*wait.mode)) return Outcome::unresolved;
  return wait.once && is_idle(id) ? Outcome::timed_out : Outcome::pending;
}

/// Whether a wait has nothing left to do.
bool Engine::is_idle(std::uint32_t id) const {
  const auto& wait = *waits_[id];
  return resolver_.is_idle(id) && wait.unscanned.empty() && wait.connects_planned == 0 &&
         wait.connects_open == 0;
}

os::Instant Engine::next() {
  auto soonest = std::min({resolver_.next(), scanner_.next(), connector_.next()});
  for (const auto* wait : waits_) {
    if (wait == nullptr) continue;
    soonest = std::min(soonest, wait->deadline);
    if (wait->process && wait->process->descriptor() < 0)
      soonest = std::min(soonest, os::Clock::now() + process_poll);
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

/// The wakeup is made before a flag is read that it announces, and who raises it sets the flag
/// before it looks for the wakeup: whichever comes first, the other one sees it.
void Engine::arm_wakeup() {
  if (std::exchange(wakeup_armed_, true)) return;
  if (!wakeup_) wakeup_.emplace();
  raised_by_.store(&*wakeup_);
  auto& poller = poller_.get();
  poller.watch(wakeup_->descriptor(), os::Poller::Interest::readable, token::wakeup);
  for (std::uint32_t id = 0; id < waits_.size(); ++id) watch_process(id);
  const auto is_canceled = [](const Wait* wait) { return wait != nullptr && wait->canceled.load(); };
  if (std::ranges::any_of(waits_, is_canceled)) wakeup_->raise();
}

void Engine::watch_process(std::uint32_t id) {
  const auto* wait = waits_[id];
  if (wait == nullptr || !wait->process || wait->process->descriptor() < 0) return;
  poller_.get().watch(wait->process->descriptor(), os::Poller::Interest::readable, token::process + id);
}

void Engine::wake() const noexcept {
  if (const auto* wakeup = raised_by_.load()) wakeup->raise();
}

void Engine::release() noexcept {
  if (!waits_.empty()) return;
  ready_ = {};
  wakeup_armed_ = false;
  resolver_.release();
  connector_.release();
  poller_.reset();
}

}  // namespace portend::wait
