// SPDX-License-Identifier: MIT
// What is known: the targets, the places (addresses) each of them may be at, and what was
// seen there. It draws the conclusions; it neither looks nor sleeps.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "os/address.hpp"
#include "os/socket_table.hpp"
#include "os/time.hpp"
#include "probe/dialer.hpp"
#include "wait/fifo.hpp"
#include "wait/settings.hpp"

namespace portend::wait {

using probe::Distance;

enum class State : std::uint8_t { unknown, occupied, free };

enum class Reason : std::uint8_t {
  none,
  accepted,
  refused,
  silent,
  unreachable,
  unresolved,
  backlog_full,
  listening,
};

/// What is wanted of a target; to be watched for good is a wish of its own.
enum class Goal : std::uint8_t { occupied, free, watch };

using TargetId = std::uint32_t;
using PlaceId = std::uint32_t;
using HostId = std::uint32_t;

struct Location {
  os::Ip ip;
  Distance distance = Distance::far;
};

struct Place {
  os::Endpoint endpoint{};
  TargetId target = 0;
  Distance distance = Distance::far;
  Reason seen = Reason::none;
  os::Listening hint = os::Listening::unknown;  // what the kernel's table said last
  bool in_use = false;
  std::uint8_t attempts = 0;    // under way
  os::Instant due = os::never;  // when to connect next
};

struct Target {
  HostId host = 0;
  std::uint16_t port = 0;
  Goal goal = Goal::watch;
  State state = State::unknown;
  Reason reason = Reason::none;
  bool reached = false;
  bool lost = false;  // its name has no address, for good
  std::optional<os::Ip> decided_by{};
  std::uint64_t probes = 0;
  os::Instant since{};  // of the last change, or the begin
  os::Instant reached_at{};
  std::vector<PlaceId> places{};
};

struct Event {
  TargetId target = 0;
  State state = State::unknown;
  Reason reason = Reason::none;
  std::optional<os::Ip> decided_by{};
  os::Instant at{};
  std::chrono::system_clock::time_point calendar{};
};

class Board {
 public:
  TargetId add(HostId host, std::uint16_t port, Goal goal);

  /// Forgets what was seen, and takes memory for what will be.
  void begin(os::Instant now);

  /// Forgets what was seen, which needs no memory.
  void forget(os::Instant now);

  /// Where a target may be, by what its host resolves to now. Places that are no longer
  /// among them are given up; `gone` and `come` receive what changed.
  void locate(TargetId target, std::span<const Location> locations, os::Instant now,
              std::vector<PlaceId>& gone, std::vector<PlaceId>& come);

  /// What a look at a place found.
  void saw(PlaceId place, Reason what, os::Instant now);

  /// The host of a target has no address; for good, or at present.
  void unresolved(TargetId target, bool for_good);

  void count_probe(PlaceId place) { ++targets_[places_[place].target].probes; }

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
  [[nodiscard]] const Target& target_of(PlaceId place) const { return targets_[places_[place].target]; }
  [[nodiscard]] std::size_t place_slots() const { return places_.size(); }
  [[nodiscard]] Place& place(PlaceId id) { return places_[id]; }
  [[nodiscard]] const Place& place(PlaceId id) const { return places_[id]; }

  /// Whether a place is still to be looked at.
  [[nodiscard]] bool is_open(PlaceId id) const { return places_[id].in_use && !target_of(id).reached; }

  [[nodiscard]] bool reached(Mode mode) const;
  [[nodiscard]] bool hopeless(Mode mode) const;
  [[nodiscard]] bool has_goals() const { return goals_ > 0; }
  [[nodiscard]] bool has_open_targets() const { return reached_ < targets_.size(); }

  Fifo<Event>& events() { return events_; }

  /// Targets that reached their goal since the last call.
  std::vector<TargetId> take_reached();

 private:
  void conclude(TargetId target, os::Instant now);
  PlaceId new_place();

  std::vector<Target> targets_;
  std::vector<Place> places_;
  std::vector<PlaceId> unused_places_;
  Fifo<Event> events_;
  std::vector<TargetId> newly_reached_;
  std::size_t goals_ = 0;
  std::size_t reached_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace portend::wait
