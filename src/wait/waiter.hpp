// SPDX-License-Identifier: MIT
// One wait with its own engine, or in the engine of a group: blocking, step by step, or in a foreign event
// loop.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "os/time.hpp"
#include "wait/engine.hpp"
#include "wait/group.hpp"
#include "wait/interrupt.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

/// Not thread-safe, except cancel() and reading while a lock() is held.
class Waiter {
 public:
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter();

  TargetId add(const std::string& host, std::uint16_t port, Goal goal);
  Settings& settings() { return wait_.settings; }
  void set_interrupt(const Interrupt& interrupt) { interrupt_ = interrupt; }

  /// Waits until the end. `mode` is empty for a watch, which no goal ends. With a timeout of 0, each
  /// candidate is probed once, within the attempt limit. After Outcome::interrupted, resume() continues the
  /// wait; every other outcome has ended it.
  Outcome run(std::optional<Mode> mode, std::int64_t timeout_ms);
  Outcome resume();

  /// Probes each candidate once. `attempt_limit` replaces that of the settings.
  Outcome probe(std::optional<os::Duration> attempt_limit);

  /// Continues until there is an event, an outcome, or `until` has passed; then the outcome is pending.
  Outcome run_until_event(os::Instant until);

  /// Starts a wait for a foreign event loop, which calls process() when the descriptor is readable. The
  /// descriptor stays open until the next start(), end() or reset().
  void start(std::optional<Mode> mode, std::int64_t timeout_ms);
  int descriptor();
  Outcome process();

  /// Starts a wait in the engine of a group.
  void start_in(const std::shared_ptr<Group>& group, std::optional<Mode> mode, std::int64_t timeout_ms,
                std::int64_t id);

  [[nodiscard]] bool under_way() const { return under_way_; }
  [[nodiscard]] bool in_group() const { return group_ != nullptr; }

  /// Whether the hook has interrupted the wait; then the wait can be resumed.
  [[nodiscard]] bool is_interrupted() const { return interrupted_; }

  /// Whether the last wait was started by start().
  [[nodiscard]] bool in_loop() const { return in_loop_; }

  /// Returns and removes the first event.
  std::optional<Event> take_event();

  /// Closes everything the wait opened. Its findings remain.
  void end() noexcept;

  void cancel() noexcept;

  /// Ends the wait, and clears its findings and its cancellation.
  void reset();

  /// Makes the waiter as new. Only memory remains, which the next wait reuses. No other thread may use the
  /// waiter meanwhile.
  void clear();

  /// Keeps the findings unchanged while they are read.
  class Lock {
   public:
    explicit Lock(const Waiter& waiter);

   private:
    std::unique_lock<std::mutex> own_;
    std::optional<Group::Pause> pause_;
  };
  [[nodiscard]] Lock lock() const { return Lock(*this); }
  [[nodiscard]] const Wait& wait() const { return wait_; }
  [[nodiscard]] const TargetTable& table() const { return wait_.table; }

 private:
  void begin(std::optional<Mode> mode, std::int64_t timeout_ms,
             std::optional<os::Duration> attempt_limit = {});
  Outcome drive(os::Instant until, bool stop_at_event);
  Outcome step();
  Outcome outcome_in_group();
  void stop() noexcept;

  Wait wait_;
  Engine engine_;
  Interrupt interrupt_;
  bool is_open_ = false;  // a wait has descriptors to close
  bool under_way_ = false;
  bool in_loop_ = false;
  bool interrupted_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<Group> group_;
  std::atomic<const Engine*> woken_engine_ = &engine_;  // read by signal handlers
};

}  // namespace portend::wait
