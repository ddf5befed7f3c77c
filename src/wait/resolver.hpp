// SPDX-License-Identifier: MIT
// The hosts of waits, and their addresses. Names are looked up, repeatedly if a name may still appear or its
// addresses may change.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "os/resolve.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"
#include "wait/due_queue.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

/// A host of a wait.
struct HostKey {
  std::uint32_t wait = 0;
  HostId host = 0;
};

/// The result of a look-up.
struct Resolved {
  HostKey key{};
  os::Resolution result{};
  std::exception_ptr failure{};  // if the system refused the look-up
};

class Resolver {
 public:
  using Waits = std::vector<Wait*>;

  Resolver(const Waits& waits, LazyPoller& poller) : waits_(waits), poller_(poller) {}

  /// Plans the look-ups of all hosts of a wait.
  void add(std::uint32_t wait);

  /// Forgets a wait. Its look-ups end by themselves.
  void remove(std::uint32_t wait);

  /// Starts the look-ups that are due, and returns the next result.
  std::optional<Resolved> next_result(os::Instant now);

  /// Whether the host of a result may get another address later.
  [[nodiscard]] bool may_come(const Resolved& resolved) const;

  /// Whether the host of a result had an address before.
  [[nodiscard]] bool was_found(const Resolved& resolved) const;

  /// Plans the look-up that follows a result of next_result().
  void plan_next(const Resolved& resolved, os::Instant now);

  /// Clears the wakeup of finished look-ups.
  void drain_wakeup() const {
    if (finished_) finished_->clear();
  }

  /// Closes all descriptors if no wait remains.
  void release() noexcept {
    finished_.reset();
    shared_.clear();
    due_.clear();
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
  void abandon_late_lookups(os::Instant now);
  std::shared_ptr<net::Lookup> shared_lookup(const std::string& name);

  const Waits& waits_;
  LazyPoller& poller_;
  DueQueue<Due> due_;
  std::vector<HostKey> under_way_;
  std::vector<HostKey> new_;     // not handled yet
  std::vector<Resolved> other_;  // look-ups that were refused or abandoned
  std::unordered_map<std::string, std::weak_ptr<net::Lookup>> shared_;  // waits share the look-up of a name
  std::shared_ptr<os::Wakeup> finished_;
};

}  // namespace portend::wait
