// SPDX-License-Identifier: MIT
// Which places to connect to, and when: never more attempts at a time than descriptors allow,
// and at a place that is silent a new one beside the older ones, since a server that comes up
// answers the next SYN, and a lost one is repeated by the kernel only after a second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <vector>

#include "os/descriptor.hpp"
#include "os/poller.hpp"
#include "os/time.hpp"
#include "probe/dialer.hpp"
#include "probe/neighbourhood.hpp"
#include "wait/board.hpp"
#include "wait/fifo.hpp"
#include "wait/pace.hpp"
#include "wait/sleeper.hpp"

namespace portend::wait {

class Dialling {
 public:
  Dialling(Board& board, probe::Neighbourhood& neighbourhood, Sleeper& sleeper, const Settings& settings);

  /// `once`: each place gets one attempt, and no second one.
  void begin(bool once) { once_ = once; }
  void end();

  void schedule(PlaceId place, os::Instant when);

  /// Closes the attempts at a place.
  void drop(PlaceId place);

  /// The poller says that an attempt has an answer.
  void answered(os::Poller::Token token, os::Instant now);

  /// Does all that is due; stops early at `slice_end`.
  void run(os::Instant now, os::Instant slice_end);

  [[nodiscard]] os::Instant next();

 private:
  struct Attempt {
    os::Descriptor socket;
    PlaceId place = 0;
    std::uint32_t generation = 0;  // tells it from earlier ones in the same slot
  };
  struct Due {
    os::Instant when;
    PlaceId place;
    bool operator>(const Due& other) const { return when > other.when; }
  };
  struct Expiry {
    os::Instant when;
    std::uint32_t slot;
    std::uint32_t generation;
  };
  using Queue = std::priority_queue<Due, std::vector<Due>, std::greater<>>;

  void dial(PlaceId place, os::Instant now);
  void settle(PlaceId place, probe::Answer answer, os::Instant now);
  void wait_for_answer(PlaceId place, os::Descriptor socket, os::Instant now);
  void expire(os::Instant now);
  os::Descriptor take(std::uint32_t slot);
  [[nodiscard]] os::Instant next_look(PlaceId place, probe::Answer answer, os::Instant now) const;
  [[nodiscard]] bool is_current(const Due& entry) const;
  bool run_queue(Queue& queue, os::Instant& now, os::Instant slice_end);
  [[nodiscard]] bool window_full();

  Board& board_;
  probe::Neighbourhood& neighbourhood_;
  Sleeper& sleeper_;
  const Settings& settings_;
  Pace pace_;
  probe::Dialer dialer_;
  std::array<Queue, 2> queues_;  // by distance: the far ones may have to wait for room
  std::vector<Attempt> attempts_;
  std::vector<std::uint32_t> free_slots_;
  Fifo<Expiry> expiries_;  // in order: all attempts of a wait have the same limit
  std::size_t under_way_ = 0;
  std::size_t window_ = 0;  // how many may be under way; 0: not measured yet
  std::size_t widest_ = 0;  // what it comes back to when descriptors were lacking
  bool once_ = false;
};

}  // namespace portend::wait
