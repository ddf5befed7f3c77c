// SPDX-License-Identifier: MIT
// The attempts to connect: starts them, at most as many as descriptors allow, and reports their
// answers. Several attempts at a silent candidate overlap, since a server that comes up answers
// the next SYN, and a lost one is repeated by the kernel only after a second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "os/descriptor.hpp"
#include "os/poller.hpp"
#include "os/time.hpp"
#include "probe/dialer.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

/// What became of an attempt.
struct Observation {
  enum class Kind : std::uint8_t { answer, pending, silent, closed_early, closed } kind = Kind::answer;
  Key key{};
  probe::Answer answer{};
  std::uint32_t slot = 0;  // of the attempt, where it goes on
};

class Connector {
 public:
  using Waits = std::vector<Wait*>;

  Connector(const Waits& waits, LazyPoller& poller) : waits_(waits), poller_(poller) {}

  /// Makes room for so many candidates of a wait, before they are there.
  void make_room(std::uint32_t wait, std::size_t candidates);

  /// Of all waits together.
  [[nodiscard]] std::size_t candidate_count() const { return candidates_; }

  /// Takes note of a new candidate.
  void add(Key key) { state(key) = {}; }

  /// When the next attempt at a candidate starts; never if `when` is os::never.
  void plan(Key key, os::Instant when);

  /// Closes the attempts at a candidate.
  void drop(Key key);

  /// Closes one attempt.
  void release(std::uint32_t slot);

  /// Forgets a wait, and closes all of its attempts.
  void remove(std::uint32_t wait);

  /// Closes what is open, if no wait is left.
  void release() noexcept;

  /// The next candidate whose time has come, if there is room for an attempt.
  std::optional<Key> next_due(os::Instant now);

  /// Starts an attempt. Nothing where no descriptor is left: it is planned anew.
  std::optional<Observation> start(Key key, os::Instant now);

  /// Whose attempt the poller has news of; nothing if it has ended.
  [[nodiscard]] std::optional<Key> key_of(os::Poller::Token token) const;

  /// The poller has news of an attempt.
  std::optional<Observation> on_ready(os::Poller::Token token, os::Instant now);

  /// The next attempt that has reached its limit.
  std::optional<Observation> next_expired(os::Instant now);

  /// When next_due() or next_expired() has something to give.
  [[nodiscard]] os::Instant next();

 private:
  enum class Phase : std::uint8_t { unused, connecting, holding, closing };

  struct Attempt {
    os::Descriptor socket{};
    Key key{};
    std::uint32_t generation = 0;  // tells it from earlier ones in the same slot
    Phase phase = Phase::unused;
  };
  struct Due {
    os::Instant when;
    Key key;
    bool operator>(const Due& other) const { return when > other.when; }
  };
  struct Expiry {
    os::Instant when;
    std::uint32_t slot;
    std::uint32_t generation;
    bool operator>(const Expiry& other) const { return when > other.when; }
  };
  template <class Item>
  using Queue = std::priority_queue<Item, std::vector<Item>, std::greater<>>;

  [[nodiscard]] ConnectState& state(Key key) { return waits_[key.wait]->connects[key.candidate]; }
  [[nodiscard]] const Candidate& candidate(Key key) const {
    return waits_[key.wait]->table.candidates()[key.candidate];
  }
  [[nodiscard]] os::Handshake handshake(Key key) const;
  [[nodiscard]] bool is_current(const Due& entry) const;
  [[nodiscard]] bool is_current(const Expiry& entry) const;
  [[nodiscard]] bool may_start(const Due& entry);
  [[nodiscard]] std::size_t window();

  std::uint32_t adopt(Key key, os::Descriptor socket, Phase phase);
  void enter(std::uint32_t slot, Phase phase, os::Poller::Interest interest, os::Instant until);
  Observation answered(Key key, const probe::Answer& answer);
  std::optional<Observation> established(std::uint32_t slot, os::Instant now);
  void begin_closing(std::uint32_t slot, os::Instant now);

  const Waits& waits_;
  LazyPoller& poller_;
  probe::Dialer dialer_;
  std::array<Queue<Due>, 2> due_;  // by locality: remote ones may have to wait for room
  Queue<Expiry> expiries_;
  std::vector<Attempt> attempts_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t candidates_ = 0;
  std::size_t open_ = 0;
  std::size_t window_ = 0;  // how many may be open; 0: not measured yet
  std::size_t widest_ = 0;  // what it comes back to when descriptors were lacking
};

}  // namespace portend::wait
