// SPDX-License-Identifier: MIT
// The hosts of waits, and their addresses: known at once, or looked up, again and again where a
// name may still come or may change its addresses.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "os/resolve.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

/// A host of a wait.
struct HostKey {
  std::uint32_t wait = 0;
  HostId host = 0;
};

/// What the resolver found out about a host.
struct Resolved {
  HostKey key{};
  os::Resolution result{};
  std::exception_ptr failure{};  // instead of a result, where the system refused the look-up
};

class Resolver {
 public:
  using Waits = std::vector<Wait*>;

  Resolver(const Waits& waits, LazyPoller& poller) : waits_(waits), poller_(poller) {}

  /// Plans the look-up of all hosts of a wait.
  void add(std::uint32_t wait);

  /// Forgets a wait. Its look-ups end by themselves.
  void remove(std::uint32_t wait);

  /// Starts the look-ups that are due, and takes the next result.
  std::optional<Resolved> next_result(os::Instant now);

  /// Whether the host of a result may get another address later.
  [[nodiscard]] bool may_come(const Resolved& resolved) const;

  /// Whether the host of a result had an address before.
  [[nodiscard]] bool was_found(const Resolved& resolved) const;

  /// Plans what follows from a result that next_result() gave.
  void plan_next(const Resolved& resolved, os::Instant now);

  /// The poller has news of a look-up, which may have been taken already.
  void drain_wakeup() const {
    if (finished_) finished_->clear();
  }

  /// Closes what is open, if no wait is left.
  void release() noexcept {
    finished_.reset();
    shared_.clear();
  }

  /// When next_result() has something to do.
  [[nodiscard]] os::Instant next() const;

  /// Whether every host of a wait has its result, and none is looked up again.
  [[nodiscard]] bool is_idle(std::uint32_t wait) const;

 private:
  struct Due {
    os::Instant when;
    HostKey key;
    bool operator>(const Due& other) const { return when > other.when; }
  };

  [[nodiscard]] LookupState& state(HostKey key) { return waits_[key.wait]->lookups[key.host]; }
  [[nodiscard]] std::optional<std::vector<os::Ip>> addresses_of(HostKey key) const;
  [[nodiscard]] bool is_current(const Due& entry) const;
  void plan(HostKey key, os::Instant when);
  void start_due(os::Instant now);
  void look_up(HostKey key, os::Instant now);
  void give_up_late_ones(os::Instant now);
  std::shared_ptr<net::Lookup> shared_lookup(const std::string& name);

  const Waits& waits_;
  LazyPoller& poller_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<HostKey> under_way_;
  std::vector<HostKey> new_;     // not looked at yet
  std::vector<Resolved> other_;  // look-ups that were refused or given up
  std::unordered_map<std::string, std::weak_ptr<net::Lookup>> shared_;  // waits share look-ups of a name
  std::shared_ptr<os::Wakeup> finished_;
};

}  // namespace portend::wait
