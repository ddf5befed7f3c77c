// SPDX-License-Identifier: MIT
// One wait with an engine of its own, or in the engine of a group: blocking, step by step, or
// inside a foreign event loop.
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

/// One thread at a time; cancel() and what holds a lock() excepted.
class Waiter {
 public:
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter();

  TargetId add(const std::string& host, std::uint16_t port, Goal goal);
  Settings& settings() { return wait_.settings; }
  void set_interrupt(const Interrupt& interrupt) { interrupt_ = interrupt; }

  /// Waits until the end. `mode` is nothing for a watch that no goal ends. With a timeout of 0
  /// each candidate is probed once, for the limit of one attempt. After Outcome::interrupted
  /// resume() goes on where it was; every other outcome has ended the wait.
  Outcome run(std::optional<Mode> mode, std::int64_t timeout_ms);
  Outcome resume();

  /// Probes each candidate once. `attempt_limit` replaces that of the settings.
  Outcome probe(std::optional<os::Duration> attempt_limit);

  /// Goes on until there is an event, an outcome, or the time has come: then it is pending.
  Outcome run_until_event(os::Instant until);

  /// Begins a wait for a foreign event loop, which calls process() when the descriptor is
  /// readable. The descriptor stays open until the next start(), end() or reset().
  void start(std::optional<Mode> mode, std::int64_t timeout_ms);
  int descriptor();
  Outcome process();

  /// Begins a wait in the engine of a group.
  void start_in(const std::shared_ptr<Group>& group, std::optional<Mode> mode, std::int64_t timeout_ms,
                std::int64_t id);

  [[nodiscard]] bool under_way() const { return under_way_; }
  [[nodiscard]] bool in_group() const { return group_ != nullptr; }

  /// Whether the hook interrupted the wait, which can be resumed.
  [[nodiscard]] bool is_interrupted() const { return interrupted_; }

  /// Whether the last wait was started by start().
  [[nodiscard]] bool in_loop() const { return in_loop_; }

  /// The first event that was not taken yet.
  std::optional<Event> take_event();

  /// Closes all that the wait opened. What was found out stays.
  void end() noexcept;

  void cancel() noexcept;

  /// Ends the wait, and forgets what it found out and that it was canceled.
  void reset();

  /// Keeps what is known as it is while it is read.
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
  bool is_open_ = false;  // something of a wait is to be closed
  bool under_way_ = false;
  bool in_loop_ = false;
  bool interrupted_ = false;
  mutable std::mutex mutex_;
  std::shared_ptr<Group> group_;
  std::atomic<const Engine*> woken_engine_ = &engine_;  // what a signal handler touches
};

}  // namespace portend::wait
