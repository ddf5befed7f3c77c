// SPDX-License-Identifier: MIT
#include "wait/waiter.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

using namespace std::chrono_literals;

namespace {

/// No step takes much longer, so that a wait for many is cancelled as soon as one for few.
constexpr os::Duration longest_step = 5ms;

/// Where nothing tells that a process has died it is asked for, this often.
constexpr os::Duration process_check = 20ms;

constexpr std::size_t few = 64;

}  // namespace

Waiter::Waiter()
    : dialling_(board_, neighbourhood_, sleeper_, settings_),
      sweep_(board_, dialling_, neighbourhood_, sleeper_, settings_),
      names_(board_, sleeper_, settings_, [this](const Host& host) { settle_in(host); }) {}

TargetId Waiter::add(const std::string& host, std::uint16_t port, Goal goal) {
  const auto host_id = names_.add(host);
  const auto target = board_.add(host_id, port, goal);
  names_.belongs(target, host_id);
  return target;
}

void Waiter::begin(std::optional<Mode> mode, std::int64_t timeout_ms) {
  end();
  mode_ = mode;
  began_ = os::Clock::now();
  once_ = timeout_ms == 0;
  deadline_ = once_ ? os::never : os::deadline(began_, timeout_ms);  // names and attempts have limits
  under_way_ = true;
  board_.begin(began_);
  dialling_.begin(once_);
  sweep_.begin(once_);
  if (settings_.process != 0) process_.emplace(settings_.process);
  names_.begin(began_, once_);
}

void Waiter::end() {
  under_way_ = false;
  cancelable_ = false;
  woken_by_ = {};
  names_.end();
  sweep_.end();
  dialling_.end();
  process_.reset();
  neighbourhood_ = {};
  sleeper_.end();
}

void Waiter::settle_in(const Host& host) {
  const auto now = os::Clock::now();
  for (const auto target : host.targets) {
    gone_.clear();
    come_.clear();
    board_.locate(target, host.locations, now, gone_, come_);
    for (const auto place : gone_) dialling_.drop(place);
    for (const auto place : come_) {
      if (board_.place(place).distance == Distance::near) {
        sweep_.welcome(place, now);
      } else {
        be_cancelable();  // before its attempts take all descriptors
        dialling_.schedule(place, now);
      }
    }
  }
}

Outcome Waiter::step() {
  const auto now = os::Clock::now();
  if (canceled_.load()) return Outcome::canceled;
  hear(now);
  names_.run(now);
  sweep_.run(now);
  if (board_.place_slots() > few) be_cancelable();  // before attempts take all descriptors
  dialling_.run(now, std::min(deadline_, now + longest_step));
  close_reached();
  return judge(os::Clock::now());
}

void Waiter::hear(os::Instant now) {
  for (const auto token : std::exchange(woken_by_, {})) {
    if (token < token::first_special) {
      dialling_.answered(token, now);
    } else if (token == token::departures) {
      sweep_.departed(now);
    } else if (token == token::names) {
      names_.hear();
    }
  }
}

void Waiter::close_reached() {
  for (const auto target : board_.take_reached()) {
    for (const auto place : board_.targets()[target].places) dialling_.drop(place);
  }
}

Outcome Waiter::judge(os::Instant now) {
  if (mode_ && board_.reached(*mode_)) return Outcome::reached;
  const bool dead = process_ && !process_->alive();
  const bool late = now >= deadline_;
  if (dead || late) {
    last_look(now);
    if (mode_ && board_.reached(*mode_)) return Outcome::reached;
    return dead ? Outcome::gone : Outcome::timed_out;
  }
  if (mode_ && board_.hopeless(*mode_)) return Outcome::unresolved;
  if (once_ && all_answered()) return Outcome::timed_out;
  return Outcome::pending;
}

/// What has come since the last look, as far as it takes no time to see.
void Waiter::last_look(os::Instant now) {
  if (once_) return;
  if (neighbourhood_.table() != nullptr) {
    sweep_.look(now);
  } else if (board_.place_slots() <= few) {
    for (PlaceId id = 0; id < board_.place_slots(); ++id) {
      if (board_.is_open(id) && board_.place(id).distance == Distance::near) dialling_.schedule(id, now);
    }
  }
  dialling_.run(now, now + longest_step);
  close_reached();
}

bool Waiter::all_answered() const {
  if (!names_.settled()) return false;
  for (PlaceId id = 0; id < board_.place_slots(); ++id) {
    if (board_.is_open(id) && board_.place(id).seen == Reason::none) return false;
  }
  return true;
}

os::Instant Waiter::next() {
  auto soonest = std::min({deadline_, names_.next(), sweep_.next(), dialling_.next()});
  if (process_ && process_->descriptor() < 0) soonest = std::min(soonest, os::Clock::now() + process_check);
  return soonest;
}

Woken Waiter::sleep(os::Instant until) {
  be_cancelable();
  const auto ready = sleeper_.poller().wait(std::min(until, next()));
  woken_by_ = ready.value_or(std::span<const os::Poller::Token>());
  return ready ? Woken::in_time : Woken::by_signal;
}

int Waiter::descriptor() {
  be_cancelable();
  return sleeper_.poller().descriptor(next());
}

void Waiter::wake() {
  if (sleeper_.is_made()) woken_by_ = sleeper_.poller().poll();
}

/// The wake-up is made before the flag is read, and cancel() sets the flag before it looks
/// for the wake-up: whichever comes first, the other one sees it.
void Waiter::be_cancelable() {
  if (std::exchange(cancelable_, true)) return;
  if (!wakeup_) wakeup_.emplace();
  cancel_wakeup_.store(&*wakeup_);
  auto& poller = sleeper_.poller();
  poller.watch(wakeup_->descriptor(), os::Poller::Interest::readable, token::canceled);
  if (process_ && process_->descriptor() >= 0) {
    poller.watch(process_->descriptor(), os::Poller::Interest::readable, token::process);
  }
  if (canceled_.load()) wakeup_->raise();
}

void Waiter::cancel() noexcept {
  canceled_.store(true);
  if (const auto* wakeup = cancel_wakeup_.load()) wakeup->raise();
}

void Waiter::reset() {
  end();
  board_.forget(os::Clock::now());
  began_ = {};
  canceled_.store(false);
  if (wakeup_) wakeup_->clear();
}

}  // namespace portend::wait
