// SPDX-License-Identifier: MIT
// Starts attempts to connect, within the limit on descriptors, and reports their answers. Several attempts at
// a silent candidate overlap: a server that starts to listen answers the next SYN, and the kernel repeats a
// lost SYN only after a second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/descriptor.hpp"
#include "os/poller.hpp"
#include "os/time.hpp"
#include "probe/dialer.hpp"
#include "wait/due_queue.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

/// The result of an attempt.
struct Observation {
  enum class Kind : std::uint8_t { answer, pending, silent, closed_early, closed } kind = Kind::answer;
  Key key{};
  probe::Answer answer{};
  std::uint32_t slot = 0;  // of the attempt, if it continues
};

class Connector {
 public:
  using Waits = std::vector<Wait*>;

  Connector(const Waits& waits, LazyPoller& poller) : waits_(waits), poller_(poller) {}

  /// Reserves memory for the candidates of a wait.
  void make_room(std::uint32_t wait, std::size_t candidates);

  /// The number of candidates of all waits.
  [[nodiscard]] std::size_t candidate_count() const { return candidates_; }

  /// Registers a new candidate.
  void add(Key key) { state(key) = {}; }

  /// Sets when the next attempt at a candidate starts. `os::never` cancels the plan.
  void plan(Key key, os::Instant when);

  /// Closes the attempts at a candidate.
  void drop(Key key);

  /// Closes one attempt.
  void release(std::uint32_t slot);

  /// Forgets a wait, and closes its attempts.
  void remove(std::uint32_t wait);

  /// Closes all descriptors if no wait remains.
  void release() noexcept;

  /// Returns the next candidate whose attempt is due, if another attempt may start.
  std::optional<Key> next_due(os::Instant now);

  /// Starts an attempt. Returns nothing if no descriptor is available; the attempt is then planned again.
  std::optional<Observation> start(Key key, os::Instant now);

  /// Returns the candidate whose attempt the token stands for; nothing if the attempt has ended.
  [[nodiscard]] std::optional<Key> key_of(os::Poller::Token token) const;

  /// Handles an attempt that the poller reports as ready.
  std::optional<Observation> on_ready(os::Poller::Token token, os::Instant now);

  /// Handles the next attempt that has reached its limit.
  std::optional<Observation> next_expired(os::Instant now);

  /// When next_due() or next_expired() has something to return.
  [[nodiscard]] os::Instant next();

 private:
  enum class Phase : std::uint8_t { unused, connecting, holding, closing };

  struct Attempt {
    os::Descriptor socket{};
    Key key{};
    std::uint32_t generation = 0;  // distinguishes it from earlier ones in the slot
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
  std::array<DueQueue<Due>, 2> due_;  // by locality: remote ones may have to wait for a slot
  DueQueue<Expiry> expiries_;
  std::vector<Attempt> attempts_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t candidates_ = 0;
  std::size_t open_ = 0;
  std::size_t window_ = 0;  // the limit on open attempts; 0: not determined yet
  std::size_t widest_ = 0;  // what window_ recovers to after a lack of descriptors
};

}  // namespace portend::wait
