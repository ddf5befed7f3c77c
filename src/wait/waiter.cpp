// SPDX-License-Identifier: MIT
#include "wait/waiter.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

namespace {

/// Ends the wait at the end of the scope, unless it was dismissed.
class EndWaitGuard {
 public:
  explicit EndWaitGuard(Waiter& waiter) : waiter_(waiter) {}
  ~EndWaitGuard() {
    if (!dismissed_) waiter_.end();
  }
  EndWaitGuard(const EndWaitGuard&) = delete;
  EndWaitGuard& operator=(const EndWaitGuard&) = delete;

  void dismiss() { dismissed_ = true; }

 private:
  Waiter& waiter_;
  bool dismissed_ = false;
};

}  // namespace

Waiter::Lock::Lock(const Waiter& waiter) : own_(waiter.mutex_) {
  if (waiter.group_) pause_.emplace(*waiter.group_);
}

Waiter::~Waiter() { end(); }

TargetId Waiter::add(const std::string& host, std::uint16_t port, Goal goal) {
  const auto lock = this->lock();
  return wait_.table.add(host, port, goal);
}

void Waiter::begin(std::optional<Mode> mode, std::int64_t timeout_ms,
                   std::optional<os::Duration> attempt_limit) {
  end();
  is_open_ = true;
  const auto lock = this->lock();
  wait_.begin(mode, timeout_ms, os::Clock::now());
  if (attempt_limit) wait_.attempt_limit = *attempt_limit;
  engine_.start(wait_);
  under_way_ = true;
}

Outcome Waiter::step() {
  const auto lock = this->lock();
  if (wait_.outcome == Outcome::pending) {
    if (wait_.canceled.load()) return wait_.outcome = Outcome::canceled;
    engine_.run_once();
  }
  if (wait_.outcome == Outcome::failed) std::rethrow_exception(wait_.failure);
  return wait_.outcome;
}

/// The loop of every wait that blocks.
Outcome Waiter::drive(os::Instant until, bool stop_at_event) {
  EndWaitGuard guard(*this);
  InterruptPoll interrupt_poll(interrupt_);
  auto reason = WakeReason::in_time;
  for (;;) {
    interrupted_ = interrupt_poll.is_requested(reason);
    if (interrupted_) {
      guard.dismiss();
      return Outcome::interrupted;
    }
    const auto outcome = step();
    const bool has_event = stop_at_event && !wait_.table.events().empty();
    if (outcome != Outcome::pending && !has_event) return outcome;
    if (has_event || os::Clock::now() >= until) {
      guard.dismiss();
      return Outcome::pending;
    }
    reason = engine_.sleep(std::min(until, interrupt_poll.next()));
  }
}

Outcome Waiter::run(std::optional<Mode> mode, std::int64_t timeout_ms) {
  begin(mode, timeout_ms);
  return resume();
}

Outcome Waiter::probe(std::optional<os::Duration> attempt_limit) {
  begin({}, 0, attempt_limit);
  return resume();
}

Outcome Waiter::resume() { return drive(os::never, false); }

Outcome Waiter::run_until_event(os::Instant until) {
  constexpr std::int64_t forever = -1;
  if (!under_way_) begin({}, forever);
  return drive(until, true);
}

void Waiter::start(std::optional<Mode> mode, std::int64_t timeout_ms) {
  begin(mode, timeout_ms);
  EndWaitGuard guard(*this);
  engine_.descriptor();
  in_loop_ = true;
  guard.dismiss();
}

int Waiter::descriptor() {
  EndWaitGuard guard(*this);
  const int descriptor = engine_.descriptor();
  guard.dismiss();
  return descriptor;
}

Outcome Waiter::process() {
  if (group_) return outcome_in_group();
  EndWaitGuard guard(*this);
  InterruptPoll interrupt_poll(interrupt_);
  const bool interrupted = interrupt_poll.is_requested(WakeReason::by_signal);
  engine_.poll();
  const auto outcome = interrupted ? Outcome::interrupted : step();
  const bool ended = outcome != Outcome::pending && outcome != Outcome::interrupted;
  if (ended) stop();
  engine_.descriptor();  // armed for the next due time, or disarmed
  guard.dismiss();
  return outcome;
}

void Waiter::start_in(const std::shared_ptr<Group>& group, std::optional<Mode> mode, std::int64_t timeout_ms,
                      std::int64_t id) {
  end();
  is_open_ = true;
  const std::lock_guard lock(mutex_);
  wait_.begin(mode, timeout_ms, os::Clock::now());
  group->add(wait_, id);
  group_ = group;
  under_way_ = true;
  woken_engine_.store(&group->engine());
}

Outcome Waiter::outcome_in_group() {
  auto outcome = Outcome::pending;
  {
    const auto lock = this->lock();
    outcome = wait_.outcome;
  }
  if (outcome != Outcome::pending) end();
  if (outcome == Outcome::failed) std::rethrow_exception(wait_.failure);
  return outcome;
}

std::optional<Event> Waiter::take_event() {
  const auto lock = this->lock();
  auto& events = wait_.table.events();
  wait_.announced = false;
  if (events.empty()) return {};
  auto event = events.front();
  events.pop();
  return event;
}

/// Ends the wait, but keeps the descriptor of a foreign event loop open.
void Waiter::stop() noexcept {
  const std::lock_guard lock(mutex_);
  under_way_ = false;
  engine_.stop(wait_);
}

void Waiter::end() noexcept {
  if (!std::exchange(is_open_, false)) return;
  const std::lock_guard lock(mutex_);
  under_way_ = false;
  in_loop_ = false;
  interrupted_ = false;
  if (const auto group = std::exchange(group_, nullptr)) {
    group->remove(wait_);
    woken_engine_.store(&engine_);
  }
  engine_.stop(wait_);
  engine_.release();
}

void Waiter::cancel() noexcept {
  wait_.canceled.store(true);
  woken_engine_.load()->wake_for_cancel();
}

void Waiter::reset() {
  end();
  const std::lock_guard lock(mutex_);
  wait_.table.forget(os::Clock::now());
  wait_.forget_end();
}

void Waiter::clear() {
  end();
  engine_.release_wakeup();
  wait_.table.clear();
  wait_.forget_end();
  wait_.settings = {};
  interrupt_ = {};
}

}  // namespace portend::wait
