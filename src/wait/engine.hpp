// SPDX-License-Identifier: MIT
// The event loop of waits. It alone defines the order of an iteration: what is ready, what is due, what
// follows from the observations, and which waits have ended.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "os/poller.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"
#include "wait/connector.hpp"
#include "wait/lazy_poller.hpp"
#include "wait/local_addresses.hpp"
#include "wait/policy.hpp"
#include "wait/resolver.hpp"
#include "wait/table_scanner.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

enum class WakeReason : std::uint8_t { in_time, by_signal };

/// Not thread-safe, except wake() and wake_for_cancel().
class Engine {
 public:
  Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() = default;

  /// Includes a wait in each iteration, until it is stopped. The wait must have begun.
  void start(Wait& wait);

  /// Closes everything the wait opened; its findings remain. Returns false if the wait was not started.
  bool stop(Wait& wait) noexcept;

  /// Ends all waits as canceled.
  void cancel_all() noexcept;

  /// Runs one iteration, without sleeping. Returns the waits to which something happened; those that have
  /// ended have an outcome. Valid until the next call.
  std::span<Wait* const> run_once();

  /// Sleeps until something is ready or due, or until `until`.
  WakeReason sleep(os::Instant until);

  /// A descriptor that is readable when run_once() has something to do; -1 if the system has no such
  /// descriptor.
  int descriptor();

  /// Collects what is ready, for a foreign event loop. sleep() does so by itself.
  void poll();

  /// Ends the sleep. Safe in any thread and in signal handlers.
  void wake() const noexcept;

  /// The same, after a wait was canceled.
  void wake_for_cancel() const noexcept;

  /// Enables wake() from now on. sleep() does so by itself.
  void arm_wakeup();

  /// Closes the descriptors of the loop itself if no wait remains. wake() keeps its own.
  void release() noexcept;

  /// Closes also the descriptor of wake(). No other thread may call wake() meanwhile.
  void release_wakeup() noexcept;

 private:
  void handle_ready(os::Instant now);
  void expire_attempts(os::Instant now);
  void resolve_names(os::Instant now);
  void scan_socket_table(os::Instant now);
  void connect(os::Instant now);
  std::span<Wait* const> conclude(os::Instant now);

  void touch(std::uint32_t wait);
  void touch_canceled();
  void check_processes(os::Instant now);
  void plan_final_probes(os::Instant now);
  void apply_resolution(Resolved& resolved, os::Instant now);
  void set_addresses(std::uint32_t wait, TargetId target, std::span<const os::Ip> addresses, os::Instant now);
  void look_at_collected(os::Instant now);
  void observe(const Observation& seen, os::Instant now);
  void observe(const Sighting& seen, os::Instant now);
  void observe_between_scans(const Sighting& seen, os::Instant now);
  [[nodiscard]] std::optional<Sighting> new_listener(const policy::Situation& known, const Observation& seen);
  void apply(Key key, policy::Action action, os::Instant now);
  void require_socket(Key key, int error) const;
  [[nodiscard]] bool is_foreign(Key key);
  void close_reached(std::uint32_t wait);
  void watch_process(std::uint32_t wait);

  [[nodiscard]] policy::Situation situation(Key key, os::Instant now) const;
  [[nodiscard]] Outcome outcome_of(std::uint32_t wait, os::Instant now) const;
  [[nodiscard]] bool is_idle(std::uint32_t wait) const;
  [[nodiscard]] os::Instant next();

  std::vector<Wait*> waits_;  // null for a stopped wait
  std::vector<os::Instant> deadlines_;
  std::vector<std::uint32_t> unused_ids_;
  std::vector<std::uint32_t> touched_;  // in this iteration
  std::vector<Wait*> concluded_;        // touched in the last iteration
  std::size_t processes_ = 0;           // the number of waits that watch a process
  LazyPoller poller_;
  Connector connector_;
  TableScanner scanner_;
  Resolver resolver_;
  LocalAddresses local_addresses_;

  bool wakeup_armed_ = false;
  std::optional<os::Wakeup> wakeup_;
  std::atomic<const os::Wakeup*> raised_by_ = nullptr;  // read by signal handlers
  mutable std::atomic<bool> has_canceled_ = false;      // written by signal handlers
  std::span<const os::Poller::Token> ready_;

  // Kept between iterations to reuse their memory.
  std::vector<ResolvedAddress> found_;
  std::vector<CandidateId> removed_;
  std::vector<CandidateId> added_;
};

}  // namespace portend::wait
