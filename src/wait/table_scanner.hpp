// SPDX-License-Identifier: MIT
// Looks at the candidates on this machine in the kernel's socket table: which of them are due,
// what is seen, and when to look again.
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

  /// A new wait.
  void add(std::uint32_t wait);

  /// A new candidate: it is looked at in the next scan.
  void add(Key key) { unscanned_.push_back(key); }

  /// Forgets a wait.
  void remove(std::uint32_t wait);

  /// Closes what is open, if no wait is left.
  void release() noexcept;

  /// Collects the candidates that are due, among them all of a wait whose deadline has come. False
  /// if there is none.
  bool collect_due(std::span<const os::Instant> deadlines, os::Instant now);

  /// Collects the candidates on ports whose listeners the kernel reports as closed.
  bool collect_closed();

  /// Looks at what was collected. Valid until the next call.
  std::span<const Sighting> look();

  /// Asks the kernel for notice when a listener closes that is waited for to leave. True if that
  /// is new: a listener that closed before is then to be looked for once more.
  bool subscribe();

  /// Plans the next look at what was collected.
  void plan_next(os::Instant now);

  /// Looks at one candidate now, in whatever way there is.
  os::Listening look_at(Key key);

  /// Whether the listener at a candidate belongs to the owner that is asked for. nullopt where
  /// the system does not tell.
  std::optional<bool> is_owned(Key key);

  bool readable() { return table_.readable(); }

  /// When collect_due() has something to give, deadlines aside.
  [[nodiscard]] os::Instant next() const;

  /// Whether every candidate of a wait was looked at.
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
  [[nodiscard]] bool wants_notice(Key key) const;
  [[nodiscard]] os::Duration pause_of(const Wait& wait, os::Instant now) const;

  const Waits& waits_;
  LazyPoller& poller_;
  std::vector<os::Instant> next_;  // by wait: when it is looked at again
  std::vector<Key> unscanned_;
  probe::SocketTable table_;
  std::optional<os::ListenerCloseMonitor> closings_;
  std::set<std::uint16_t> subscribed_;  // ports
  bool subscribed_to_connections_ = false;
  bool cannot_subscribe_ = false;

  os::Duration cost_{0};                          // of reading many
  os::Duration owner_cost_{0};                    // of asking for owners since the last reading
  os::Instant began_{};                           // of the last look
  os::Instant quiet_until_ = os::Instant::min();  // so that looks get a share of the processor only

  // Kept from look to look, for their memory.
  std::vector<Key> collected_;
  std::vector<os::Endpoint> endpoints_;
  std::vector<os::Listening> listings_;
  std::vector<Sighting> sightings_;
};

}  // namespace portend::wait
