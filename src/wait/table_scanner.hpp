// SPDX-License-Identifier: MIT
// Looks up the candidates on this machine in the socket table: which are due, what is seen, and when to look
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "os/socket_table.hpp"
#include "os/time.hpp"
#include "probe/socket_table.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/policy.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

struct Sighting {
  Key key{};
  policy::Sight sight = policy::Sight::unknown;
};

class TableScanner {
 public:
  using Waits = std::vector<Wait*>;

  TableScanner(const Waits& waits, LazyPoller& poller) : waits_(waits), poller_(poller) {}

  void add(std::uint32_t wait);

  /// Registers a new candidate for the next scan.
  void add(Key key) { unscanned_.push_back(key); }

  void remove(std::uint32_t wait);

  /// Closes all descriptors if no wait remains.
  void release() noexcept;

  /// Collects the candidates that are due, and all candidates of a wait whose deadline has passed. Returns
  /// false if there are none.
  bool collect_due(std::span<const os::Instant> deadlines, os::Instant now);

  /// Collects the candidates on ports whose listeners have closed, as reported by the kernel.
  bool collect_closed();

  /// Looks up the collected candidates. Valid until the next call.
  std::span<const Sighting> look();

  /// Asks the kernel to report listeners that close, if a target waits for that. Returns true if this is new:
  /// a listener may have closed before, so the caller must look once more.
  bool subscribe();

  /// Plans the next scan of the collected candidates.
  void plan_next(os::Instant now);

  /// Looks up one candidate now, by any means the system has.
  os::Listening look_at(Key key);

  /// Whether the listener at a candidate belongs to the required owner. nullopt if the system does not tell.
  std::optional<bool> is_owned(Key key);

  bool readable() { return table_.readable(); }

  /// When collect_due() has something to return, apart from deadlines.
  [[nodiscard]] os::Instant next() const;

  /// Whether every candidate of a wait was scanned.
  [[nodiscard]] bool is_idle(std::uint32_t wait) const;

 private:
  [[nodiscard]] const Candidate& candidate(Key key) const {
    return waits_[key.wait]->table.candidates()[key.candidate];
  }
  [[nodiscard]] const Target& target(Key key) const {
    return waits_[key.wait]->table.target_of(key.candidate);
  }
  void collect(std::uint32_t wait, const std::vector<std::uint16_t>* ports);
  void look_at_connections();
  [[nodiscard]] bool postpone(std::span<const os::Instant> deadlines, os::Instant now);
  [[nodiscard]] bool wants_notice(Key key) const;
  [[nodiscard]] os::Duration interval_of(const Wait& wait, os::Instant now) const;

  const Waits& waits_;
  LazyPoller& poller_;
  std::vector<os::Instant> next_;  // by wait: the time of the next scan
  std::vector<Key> unscanned_;
  probe::SocketTable table_;
  std::optional<os::ListenerCloseMonitor> closings_;
  std::set<std::uint16_t> subscribed_;  // ports
  bool subscribed_to_connections_ = false;
  bool cannot_subscribe_ = false;

  os::Instant began_{};           // start of the last scan
  os::Duration reading_cost_{0};  // of the table, in the last scan
  os::Duration owner_cost_{0};    // of looking up owners since the last scan
  // They limit scans for many candidates to a share of the processor.
  os::Duration quiet_{0};
  os::Instant quiet_until_ = os::Instant::min();
  bool postponed_ = false;  // the last scan

  // Kept between scans to reuse their memory.
  std::vector<Key> collected_;
  std::vector<os::Endpoint> endpoints_;
  std::vector<os::Listening> listings_;
  std::vector<Sighting> sightings_;
};

}  // namespace portend::wait
