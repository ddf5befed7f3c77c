// SPDX-License-Identifier: MIT
#include "net/lookup.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>

#include "os/poller.hpp"
#include "os/process.hpp"
#include "os/thread.hpp"

namespace portend::net {

namespace {

constexpr std::uint32_t most_at_once = 8;
constexpr os::Duration pause_without_threads = std::chrono::milliseconds(5);

/// How many look-ups are under way, and in which process: after a fork the child has none of
/// its parent's threads. One word, so that no lock can be left locked by a fork.
std::atomic<std::uint64_t> under_way = 0;

constexpr std::uint64_t word(std::uint32_t pid, std::uint32_t count) {
  return std::uint64_t{pid} << 32 | count;
}

std::uint32_t this_process() { return static_cast<std::uint32_t>(os::own_pid()); }

bool enter() {
  const auto pid = this_process();
  auto before = under_way.load();
  for (;;) {
    const auto count = before >> 32 == pid ? static_cast<std::uint32_t>(before) : 0;
    if (count >= most_at_once) return false;
    if (under_way.compare_exchange_weak(before, word(pid, count + 1))) return true;
  }
}

void leave() { under_way.fetch_sub(1); }

os::Resolution resolve_safely(const std::string& host) {
  try {
    return os::resolve(host);
  } catch (const std::exception& failure) {
    os::Resolution result;
    result.complaint = failure.what();
    return result;
  }
}

}  // namespace

std::shared_ptr<Lookup> Lookup::begin(std::string host, std::shared_ptr<os::Wakeup> done) {
  auto lookup = std::make_shared<Lookup>();
  std::function<void()> work = [lookup, host = std::move(host), done = std::move(done)] {
    lookup->result_ = resolve_safely(host);
    lookup->finished_.store(true, std::memory_order_release);
    leave();
    done->raise();
  };
  if (!enter()) return nullptr;
  try {
    os::run_aside(std::move(work));
  } catch (...) {
    leave();
    throw;
  }
  return lookup;
}

os::Resolution resolve_within(const std::string& host, os::Duration limit) {
  const auto deadline = os::later(os::Clock::now(), limit);
  const auto done = std::make_shared<os::Wakeup>();
  os::Poller poller;
  poller.watch(done->descriptor(), os::Poller::Interest::readable, 0);
  std::shared_ptr<Lookup> lookup;
  for (auto now = os::Clock::now(); now < deadline; now = os::Clock::now()) {
    if (!lookup) lookup = Lookup::begin(host, done);
    if (lookup && lookup->finished()) return lookup->result();
    poller.wait(lookup ? deadline : std::min(deadline, now + pause_without_threads));
  }
  os::Resolution result;
  result.verdict = os::Resolution::Verdict::try_again;
  result.complaint = "the resolver gave no answer";
  return result;
}

}  // namespace portend::net
