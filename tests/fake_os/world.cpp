// SPDX-License-Identifier: MIT
// The clock, the descriptors and the threads of a world.
#include "fake_os/world.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace portend::fake {

namespace {

World* world = nullptr;

/// Thrown by a look-up that has no answer yet. Not a std::exception, so that no code handles it as a failure.
struct NotYet {
  std::optional<os::Duration> delay;
};

/// More wake-ups than any iteration may need without time passing.
constexpr int most_wakes_in_place = 2000;

/// More sleeps than any scenario needs, so that a wait that does not end fails.
constexpr int most_sleeps = 300000;

}  // namespace

World::World() {
  if (world != nullptr) throw std::logic_error("there is a world already");
  world = this;
}

World::~World() {
  finish_lookups();
  events_.clear();
  world = nullptr;
}

World& World::current() {
  if (world == nullptr) throw std::logic_error("there is no world");
  return *world;
}

void World::at(os::Duration when, std::function<void()> action) {
  events_.emplace(start_ + when, std::move(action));
}

void World::after(os::Duration delay, std::function<void()> action) {
  events_.emplace(os::saturating_add(now_, delay), std::move(action));
}

void World::signal_at(os::Duration when) {
  at(when, [this] { signaled_ = true; });
}

void World::jump(os::Duration length) {
  now_ += length;
  run_due();
}

void World::run_due() {
  while (!events_.empty() && events_.begin()->first <= now_) {
    const auto action = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    action();
  }
}

void World::guard_against_spinning() {
  if (std::exchange(last_wake_, now_) != now_) wakes_in_place_ = 0;
  if (sleeps > most_sleeps) throw std::logic_error("does not end");
  if (++wakes_in_place_ > most_wakes_in_place) throw std::logic_error("wakes up repeatedly without progress");
}

bool World::sleep(const std::function<bool()>& ready, os::Instant until) {
  ++sleeps;
  guard_against_spinning();
  for (;;) {
    run_due();
    if (std::exchange(signaled_, false)) return false;
    if (ready() || now_ >= until) return true;
    const auto next = events_.empty() ? os::never : events_.begin()->first;
    const auto wake = std::min(next, until);
    if (wake == os::never) throw std::logic_error("sleeps, and nothing will ever happen");
    now_ = std::max(now_, wake);
  }
}

int World::open(std::shared_ptr<File> file) {
  const bool refused = refused_descriptor_ == 0;
  if (refused_descriptor_ > 0 || (refused && refusal_ == Lasting::once)) --refused_descriptor_;
  if (refused || files_.size() >= descriptor_limit) {
    errno = EMFILE;
    return -1;
  }
  int fd = 3;
  while (files_.contains(fd)) ++fd;
  files_.emplace(fd, std::move(file));
  most_open_ = std::max(most_open_, files_.size());
  ++opened_;
  return fd;
}

int World::open_or_throw(std::shared_ptr<File> file, const char* what) {
  const int fd = open(std::move(file));
  if (fd < 0) throw std::system_error(EMFILE, std::generic_category(), what);
  return fd;
}

void World::refuse_descriptor(int which, Lasting lasting) {
  refused_descriptor_ = which;
  refusal_ = lasting;
}

void World::close(int fd) noexcept {
  const auto found = files_.find(fd);
  if (found == files_.end()) return;
  const auto file = found->second;
  files_.erase(found);
  file->closing();
}

std::shared_ptr<File> World::file(int fd) const {
  const auto found = files_.find(fd);
  return found == files_.end() ? nullptr : found->second;
}

/// Runs the work twice. The first run ends with NotYet, and shows which name is looked up. The second run
/// happens when the resolver has the answer.
void World::run_aside(std::function<void()> work) {
  if (!has_threads) throw std::system_error(EAGAIN, std::generic_category(), "no thread");
  std::optional<os::Duration> delay(os::Duration::zero());
  try {
    peeking_ = true;
    work();
  } catch (const NotYet& answer) {
    delay = answer.delay;
  }
  peeking_ = false;
  const int id = next_lookup_++;
  lookups_.emplace(id, std::move(work));
  if (!delay) return;
  after(*delay, [this, id] {
    const auto found = lookups_.find(id);
    if (found == lookups_.end()) return;
    const auto due = std::move(found->second);
    lookups_.erase(found);
    due();
  });
}

os::Resolution World::resolve(const std::string& host) {
  const auto found = names.find(host);
  if (peeking_) {
    if (found == names.end()) throw NotYet{os::Duration::zero()};
    ++found->second.asked;
    if (found->second.hangs) throw NotYet{};
    throw NotYet{found->second.delay};
  }
  if (found != names.end()) return found->second.result;
  return {os::Resolution::Verdict::no_such_name, {}, "Name or service not known"};
}

void World::finish_lookups() {
  for (auto& [id, work] : std::exchange(lookups_, {})) work();
}

}  // namespace portend::fake
