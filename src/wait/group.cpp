// SPDX-License-Identifier: MIT
#include "wait/group.hpp"

#include <algorithm>

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
  members_.push_back({&wait, id});
  try {
    engine_.start(wait);
    rearm();
  } catch (...) {
    members_.pop_back();
    engine_.stop(wait);
    throw;
  }
}

void Group::remove(Wait& wait) noexcept {
  const Pause pause(*this);
  std::erase_if(members_, [&](const Member& each) { return each.wait == &wait; });
  engine_.stop(wait);
}

/// Tells a foreign event loop of what is due now.
void Group::rearm() {
  if (polled_) engine_.descriptor();
}

void Group::step() {
  engine_.run_once();
  for (auto& [wait, id] : members_) {
    const bool ended = wait->outcome != Outcome::pending;
    if (ended || (!wait->table.events().empty() && !wait->announced)) {
      news_.push_back(id);
      wait->announced = true;
    }
    if (!ended) continue;
    engine_.stop(*wait);
    wait = nullptr;
  }
  std::erase_if(members_, [](const Member& each) { return each.wait == nullptr; });
}

Group::Next Group::next(os::Instant until, const Interrupt& interrupt) {
  std::unique_lock lock(mutex_);
  InterruptPoll interrupt_poll(interrupt);
  auto reason = WakeReason::in_time;
  if (polled_) engine_.poll();
  for (;;) {
    resumed_.wait(lock, [&] { return pauses_ == 0; });
    if (canceled_.load()) return {.news = News::canceled};
    if (interrupt_poll.is_requested(reason)) return {.news = News::interrupted};
    if (news_.empty()) step();
    if (!news_.empty()) {
      const auto id = news_.front();
      news_.pop_front();
      rearm();
      return {.news = News::wait, .id = id};
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
  for (const auto& [wait, id] : members_) {
    wait->outcome = Outcome::canceled;
    engine_.stop(*wait);
  }
  members_.clear();
  news_.clear();
}

}  // namespace portend::wait
