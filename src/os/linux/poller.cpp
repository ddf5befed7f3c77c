// SPDX-License-Identifier: MIT
// epoll(7) with a timerfd for the deadline. Other ways to sleep are late by the timer slack of the thread; a
// timerfd is exact. It also makes the epoll descriptor readable at the deadline.
#include "os/poller.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "os/descriptor.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

constexpr Poller::Token timer_token = ~Poller::Token{0};
constexpr int events_at_once = 64;

}  // namespace

struct Poller::Parts {
  Descriptor epoll{epoll_create1(EPOLL_CLOEXEC)};
  Descriptor timer{timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
  std::array<epoll_event, events_at_once> events{};
  std::array<Token, events_at_once> tokens{};

  void arm(Instant until) const;
  std::optional<std::span<const Token>> take(int timeout);
};

Poller::Poller() : parts_(std::make_unique<Parts>()) {
  if (!parts_->epoll) throw_system_error("epoll_create1");
  if (!parts_->timer) throw_system_error("timerfd_create");
  watch(parts_->timer.get(), Interest::readable, timer_token);
}

Poller::~Poller() = default;

void Poller::watch(int fd, Interest interest, Token token) {
  epoll_event event{};
  event.events = interest == Interest::readable ? EPOLLIN : EPOLLOUT;
  event.data.u64 = token;
  if (epoll_ctl(parts_->epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw_system_error("epoll_ctl");
}

void Poller::forget(int fd) noexcept { epoll_ctl(parts_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr); }

void Poller::Parts::arm(Instant until) const {
  using namespace std::chrono;
  itimerspec when{};
  if (until != never) {
    // Zero would disarm the timer. A moment in the past is replaced by one nanosecond after boot.
    const auto since_boot = std::max(until.time_since_epoch(), Duration(1));
    // On 32-bit machines both numbers may be too narrow for a wait of decades. The timer then expires early,
    // and the caller waits again.
    using Seconds = decltype(when.it_value.tv_sec);
    constexpr std::int64_t most = std::numeric_limits<Seconds>::max();
    const std::int64_t whole = duration_cast<seconds>(since_boot).count();
    when.it_value.tv_sec = static_cast<Seconds>(std::min(whole, most));
    when.it_value.tv_nsec = static_cast<decltype(when.it_value.tv_nsec)>((since_boot % seconds(1)).count());
  }
  if (timerfd_settime(timer.get(), TFD_TIMER_ABSTIME, &when, nullptr) != 0)
    throw_system_error("timerfd_settime");
}

std::optional<std::span<const Poller::Token>> Poller::Parts::take(int timeout) {
  const int count = epoll_wait(epoll.get(), events.data(), events_at_once, timeout);
  if (count < 0 && errno != EINTR) throw_system_error("epoll_wait");
  if (count < 0) return {};
  std::size_t kept = 0;
  for (int i = 0; i < count; ++i) {
    const Token token = events[static_cast<std::size_t>(i)].data.u64;
    if (token != timer_token) tokens[kept++] = token;
  }
  return std::span<const Token>(tokens).first(kept);
}

std::optional<std::span<const Poller::Token>> Poller::wait(Instant until) {
  parts_->arm(until);
  return parts_->take(-1);
}

std::span<const Poller::Token> Poller::poll() { return parts_->take(0).value_or(std::span<const Token>()); }

bool Poller::has_descriptor() noexcept { return true; }

int Poller::descriptor(Instant until) {
  parts_->arm(until);
  return parts_->epoll.get();
}

}  // namespace portend::os
