// SPDX-License-Identifier: MIT
// poll(3p) takes milliseconds. The time is rounded up, so that no wait spins.
#include "os/poller.hpp"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "os/posix/system_error.hpp"

namespace portend::os {

struct Poller::Parts {
  std::vector<pollfd> watched;
  std::vector<Token> tokens;  // one for each entry of `watched`
  std::vector<Token> ready;

  std::optional<std::span<const Token>> take(int timeout_ms);
};

Poller::Poller() : parts_(std::make_unique<Parts>()) {}
Poller::~Poller() = default;

void Poller::watch(int fd, Interest interest, Token token) {
  const short events = interest == Interest::readable ? POLLIN : POLLOUT;
  parts_->tokens.push_back(token);
  try {
    parts_->watched.push_back({.fd = fd, .events = events, .revents = 0});
  } catch (...) {
    parts_->tokens.pop_back();  // each entry has one token, also after a lack of memory
    throw;
  }
}

void Poller::forget(int fd) noexcept {
  auto& watched = parts_->watched;
  const auto place = std::ranges::find(watched, fd, &pollfd::fd);
  if (place == watched.end()) return;
  parts_->tokens.erase(parts_->tokens.begin() + (place - watched.begin()));
  watched.erase(place);
}

std::optional<std::span<const Poller::Token>> Poller::Parts::take(int timeout_ms) {
  const int count = ::poll(watched.data(), static_cast<nfds_t>(watched.size()), timeout_ms);
  if (count < 0 && errno != EINTR) throw_system_error("poll");
  if (count < 0) return {};
  ready.clear();
  for (std::size_t i = 0; i < watched.size(); ++i) {
    if (watched[i].revents != 0) ready.push_back(tokens[i]);
  }
  return ready;
}

std::optional<std::span<const Poller::Token>> Poller::wait(Instant until) {
  using namespace std::chrono;
  constexpr milliseconds longest = hours(24);
  if (until == never) return parts_->take(-1);
  const auto now = Clock::now();
  const auto left = ceil<milliseconds>(until <= now ? Duration::zero() : until - now);
  return parts_->take(static_cast<int>(std::min(left, longest).count()));
}

std::span<const Poller::Token> Poller::poll() { return parts_->take(0).value_or(std::span<const Token>()); }

bool Poller::has_descriptor() noexcept { return false; }

int Poller::descriptor(Instant) { return -1; }

}  // namespace portend::os
