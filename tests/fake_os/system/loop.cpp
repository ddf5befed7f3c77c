// SPDX-License-Identifier: MIT
// The clock, descriptors, the poller, wakeups and threads.
#include <algorithm>
#include <system_error>
#include <utility>

#include "fake_os/system/files.hpp"
#include "os/descriptor.hpp"
#include "os/poller.hpp"
#include "os/resolve.hpp"
#include "os/thread.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"

namespace portend::fake {

std::vector<os::Poller::Token> EpollFile::ready() const {
  std::vector<os::Poller::Token> tokens;
  for (const auto& [fd, watched, interest, token] : watches) {
    const auto file = watched.lock();
    if (!file) continue;  // closed
    if (interest == os::Poller::Interest::readable ? file->readable() : file->writable()) {
      tokens.push_back(token);
    }
  }
  return tokens;
}

}  // namespace portend::fake

namespace portend::os {

namespace {

fake::World& world() { return fake::World::current(); }

}  // namespace

Instant Clock::now() noexcept { return world().now(); }

Calendar calendar_now() noexcept {
  return Calendar(std::chrono::hours(24 * 365 * 50) + world().now().time_since_epoch());
}

void Descriptor::reset(int fd) noexcept {
  if (fd_ >= 0) world().close(fd_);
  fd_ = fd;
}

struct Poller::Parts {
  std::shared_ptr<fake::EpollFile> file = std::make_shared<fake::EpollFile>();
  Descriptor epoll{world().open_or_throw(file, "epoll_create1")};
  Descriptor timer{world().open_or_throw(std::make_shared<fake::PlainFile>(), "timerfd_create")};
  std::vector<Token> tokens;
};

Poller::Poller() : parts_(std::make_unique<Parts>()) {}
Poller::~Poller() = default;

void Poller::watch(int fd, Interest interest, Token token) {
  auto& watches = parts_->file->watches;
  const auto file = world().file(fd);
  std::erase_if(watches, [](const auto& each) { return each.file.expired(); });
  const bool is_watched = std::ranges::any_of(watches, [&](const auto& each) { return each.fd == fd; });
  if (!file || is_watched)
    throw std::system_error(file ? EEXIST : EBADF, std::generic_category(), "epoll_ctl");
  watches.push_back({fd, file, interest, token});
}

void Poller::forget(int fd) noexcept {
  std::erase_if(parts_->file->watches, [&](const auto& watch) { return watch.fd == fd; });
}

std::optional<std::span<const Poller::Token>> Poller::wait(Instant until) {
  auto& file = *parts_->file;
  file.armed = until;
  if (!world().sleep([&] { return !file.ready().empty(); }, until)) return {};
  return poll();
}

std::span<const Poller::Token> Poller::poll() {
  parts_->tokens = parts_->file->ready();
  return parts_->tokens;
}

bool Poller::has_descriptor() noexcept { return true; }

int Poller::descriptor(Instant until) {
  parts_->file->armed = until;
  return parts_->epoll.get();
}

Wakeup::Wakeup() : reading_(world().open_or_throw(std::make_shared<fake::WakeupFile>(), "eventfd")) {}

void Wakeup::raise() const noexcept { world().file_as<fake::WakeupFile>(reading_.get())->raised = true; }

void Wakeup::clear() const noexcept { world().file_as<fake::WakeupFile>(reading_.get())->raised = false; }

void run_detached(std::function<void()> work) { world().run_aside(std::move(work)); }

Resolution resolve(const std::string& host) { return world().resolve(host); }

std::size_t descriptor_limit() { return world().descriptor_limit; }

}  // namespace portend::os
