// SPDX-License-Identifier: MIT
#include "wait/group.hpp"

#include <algorithm>
#include <utility>

namespace portend::wait {

Group::Pause::Pause(Group& group) : group_(group), lock_(group.mutex_, std::try_to_lock) {
  if (lock_) return;
  counted_ = true;
  ++group.pauses_;
  group.engine_.wake();
  lock_.lock();
}

Group::Pause::~Pause() {
  if (!counted_) return;
  --group_.pauses_;
  lock_.unlock();
  group_.resumed_.notify_all();
}

void Group::add(Wait& wait, std::int64_t id) {
  const Pause pause(*this);
  wait.id_in_group = id;
  engine_.start(wait);
  try {
    rearm();
  } catch (...) {
    engine_.stop(wait);
    throw;
  }
}

void Group::remove(Wait& wait) noexcept {
  const Pause pause(*this);
  engine_.stop(wait);
  std::erase(news_, &wait);
}

/// Makes the descriptor of a foreign event loop readable when something is due.
void Group::rearm() {
  if (!polled_) return;
  if (news_.empty()) {
    engine_.descriptor();
  } else {
    engine_.wake();
  }
}

void Group::step() {
  for (auto* wait : engine_.run_once()) {
    const bool ended = wait->outcome != Outcome::pending;
    const bool has_events = !wait->mode && !wait->table.events().empty();
    if ((ended || has_events) && !wait->announced) {
      news_.push_back(wait);
      wait->announced = true;
    }
    if (ended) engine_.stop(*wait);
  }
}

Group::Next Group::next(os::Instant until, const Interrupt& interrupt) {
  std::unique_lock lock(mutex_);
  InterruptPoll interrupt_poll(interrupt);
  auto reason = WakeReason::in_time;
  if (polled_ && news_.empty()) engine_.poll();
  for (;;) {
    resumed_.wait(lock, [&] { return pauses_ == 0; });
    if (canceled_.load()) return {.news = News::canceled};
    if (interrupt_poll.is_requested(reason)) return {.news = News::interrupted};
    if (news_.empty()) step();
    if (!news_.empty()) {
      const auto* wait = news_.front();
      news_.pop_front();
      rearm();
      return {.news = News::wait, .id = wait->id_in_group};
    }
    if (os::Clock::now() >= until) {
      rearm();
      return {};
    }
    reason = engine_.sleep(std::min(until, interrupt_poll.next()));
  }
}

int Group::descriptor() {
  const Pause pause(*this);
  polled_ = true;
  return engine_.descriptor();
}

void Group::cancel() noexcept {
  canceled_.store(true);
  engine_.wake();
}

void Group::close() noexcept {
  cancel();
  const Pause pause(*this);
  engine_.cancel_all();
  news_.clear();
}

}  // namespace portend::wait
