// SPDX-License-Identifier: MIT
#include "net/lookup.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <utility>

#include "net/idn.hpp"
#include "os/poller.hpp"
#include "os/process.hpp"
#include "os/thread.hpp"

namespace portend::net {

namespace {

constexpr os::Duration retry_without_threads = std::chrono::milliseconds(5);

/// The limits leave slots for other names if the resolver hangs on one name.
constexpr std::size_t most_at_once = 32;
constexpr std::ptrdiff_t most_of_a_name = 8;

/// The look-ups under way: a hash of the name, and the process ID. After a fork, the child has none of its
/// parent's threads, so entries of other processes do not count. Atomic words are used because a fork could
/// leave a lock locked.
std::array<std::atomic<std::uint64_t>, most_at_once> under_way{};

/// Reserves a slot for a look-up of the name; nullptr if none is free.
std::atomic<std::uint64_t>* enter(const std::string& host) {
  const auto process = static_cast<std::uint32_t>(os::own_pid());
  const auto name = static_cast<std::uint32_t>(std::hash<std::string>()(host));
  const auto own = std::uint64_t{process} << 32 | name;
  const auto is_same = [&](const auto& room) { return room.load() == own; };
  if (std::ranges::count_if(under_way, is_same) >= most_of_a_name) return nullptr;
  for (auto& room : under_way) {
    auto before = room.load();
    if (before >> 32 != process && room.compare_exchange_strong(before, own)) return &room;
  }
  return nullptr;
}

void leave(std::atomic<std::uint64_t>& room) { room.store(0); }

/// Looks up the ASCII form of an internationalized name, and then the name as written, which /etc/hosts and
/// multicast DNS may contain.
os::Resolution resolve_name(const std::string& host) {
  if (const auto ascii = ascii_host(host)) {
    auto result = os::resolve(*ascii);
    if (result.verdict != os::Resolution::Verdict::no_such_name) return result;
  }
  return os::resolve(host);
}

os::Resolution resolve_safely(const std::string& host) {
  try {
    return resolve_name(host);
  } catch (const std::bad_alloc&) {
    return {.verdict = os::Resolution::Verdict::try_again, .addresses = {}, .error_text = "no memory"};
  } catch (const std::exception& failure) {
    os::Resolution result;
    result.error_text = failure.what();
    return result;
  }
}

}  // namespace

std::shared_ptr<Lookup> Lookup::begin(std::string host, std::shared_ptr<os::Wakeup> done) {
  auto* room = enter(host);
  if (room == nullptr) return nullptr;
  try {
    auto lookup = std::make_shared<Lookup>();
    os::run_detached([lookup, room, host = std::move(host), done = std::move(done)] {
      lookup->result_ = resolve_safely(host);
      lookup->finished_.store(true, std::memory_order_release);
      leave(*room);
      done->raise();
    });
    return lookup;
  } catch (...) {
    leave(*room);
    throw;
  }
}

os::Resolution resolve_within(const std::string& host, os::Duration limit) {
  const auto deadline = os::saturating_add(os::Clock::now(), limit);
  const auto done = std::make_shared<os::Wakeup>();
  os::Poller poller;
  poller.watch(done->descriptor(), os::Poller::Interest::readable, 0);
  std::shared_ptr<Lookup> lookup;
  for (auto now = os::Clock::now(); now < deadline; now = os::Clock::now()) {
    if (!lookup) lookup = Lookup::begin(host, done);
    if (lookup && lookup->finished()) return lookup->result();
    poller.wait(lookup ? deadline : std::min(deadline, now + retry_without_threads));
  }
  os::Resolution result;
  result.verdict = os::Resolution::Verdict::try_again;
  result.error_text = "the resolver gave no answer";
  return result;
}

}  // namespace portend::net
