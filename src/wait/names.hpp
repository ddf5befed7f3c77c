// SPDX-License-Identifier: MIT
// The hosts of a wait, and the addresses they stand for: known at once, or looked up, again
// and again where a name may still come or may have moved.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/lookup.hpp"
#include "os/time.hpp"
#include "wait/board.hpp"
#include "wait/pace.hpp"
#include "wait/sleeper.hpp"

namespace portend::wait {

struct Host {
  const std::string* name = nullptr;
  std::vector<TargetId> targets;
  std::vector<Location> locations;  // those that a look-up found
};

class Names {
 public:
  /// A host got its addresses, or other ones than before.
  using Located = std::function<void(const Host&)>;

  Names(Board& board, Sleeper& sleeper, const Settings& settings, Located located);

  HostId add(const std::string& name);
  void belongs(TargetId target, HostId host) { hosts_[host].targets.push_back(target); }
  [[nodiscard]] const Host& host(HostId id) const { return hosts_[id]; }

  /// What the resolver said when it last failed; empty where it did not.
  [[nodiscard]] const std::string& error_text(HostId id) const;

  /// `once`: a resolver that fails is not asked again, and none gets more time than an attempt.
  void begin(os::Instant now, bool once);
  void end();

  /// The poller says that something has been found. That may have been taken already.
  void hear() const {
    if (found_) found_->clear();
  }

  /// Takes what has been found, and looks up what is due.
  void run(os::Instant now);

  [[nodiscard]] os::Instant next() const { return due_.empty() ? limit_ : std::min(limit_, due_.top().when); }

  /// Whether every host has been told about.
  [[nodiscard]] bool settled() const { return under_way_.empty() && due_.empty(); }

 private:
  struct Due {
    os::Instant when;
    HostId host;
    bool operator>(const Due& other) const { return when > other.when; }
  };

  struct LookingUp {
    HostId host;
    std::shared_ptr<net::Lookup> lookup;
  };

  void look_up(HostId host, os::Instant now);
  void give_up_late_ones(os::Instant now);
  void take(HostId host, const os::Resolution& result, os::Instant now);
  void locate(HostId id, const std::vector<os::Ip>& addresses);
  void not_found(HostId id, const os::Resolution& result, os::Instant now);
  [[nodiscard]] bool is_awaited(const Host& host) const;

  Board& board_;
  Sleeper& sleeper_;
  const Settings& settings_;
  Pace pace_;
  Located located_;
  std::vector<Host> hosts_;
  std::unordered_map<std::string, HostId> ids_;  // whose keys are the names
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<LookingUp> under_way_;
  std::unordered_map<HostId, std::string> errors_;  // of the few that have any
  std::shared_ptr<os::Wakeup> found_;
  os::Instant began_;
  os::Instant limit_ = os::never;  // when names that have not been told about are given up
  bool once_ = false;
};

}  // namespace portend::wait
