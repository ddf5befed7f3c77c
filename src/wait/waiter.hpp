// SPDX-License-Identifier: MIT
// A wait as a whole: what to do now, and how long to sleep then.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "os/process.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"
#include "probe/neighbourhood.hpp"
#include "wait/board.hpp"
#include "wait/dialling.hpp"
#include "wait/names.hpp"
#include "wait/settings.hpp"
#include "wait/sleeper.hpp"
#include "wait/sweep.hpp"

namespace portend::wait {

enum class Outcome : std::uint8_t { pending, reached, timed_out, unresolved, canceled, gone };

enum class Woken : std::uint8_t { in_time, by_signal };

/// One thread at a time; cancel() excepted.
class Waiter {
 public:
  Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() = default;

  TargetId add(const std::string& host, std::uint16_t port, Goal goal);
  Settings& settings() { return settings_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// With a timeout of 0 each place is looked at once, for the limit of one attempt.
  /// `mode` is nothing for a watch that no goal ends.
  void begin(std::optional<Mode> mode, std::int64_t timeout_ms);
  [[nodiscard]] bool under_way() const { return under_way_; }
  [[nodiscard]] bool is_watch() const { return !mode_; }

  /// Does what is due.
  Outcome step();

  /// Takes note of what woke a foreign event loop. sleep() does so by itself.
  void wake();

  /// Sleeps until something is due, at the latest at `until`.
  Woken sleep(os::Instant until = os::never);

  /// Readable when something is due; -1 where the system has no such descriptor.
  int descriptor();
  [[nodiscard]] static bool has_descriptor() { return os::Poller::has_descriptor(); }

  /// Closes all that the wait opened. What was learnt stays.
  void end();

  void cancel() noexcept;

  /// Ends the wait, and forgets what it learnt and that it was cancelled.
  void reset();

  [[nodiscard]] const Board& board() const { return board_; }
  Fifo<Event>& events() { return board_.events(); }
  [[nodiscard]] const Host& host_of(TargetId id) const { return names_.host(board_.targets()[id].host); }
  [[nodiscard]] const std::string& error_text(TargetId id) const {
    return names_.error_text(board_.targets()[id].host);
  }
  [[nodiscard]] os::Instant began() const { return began_; }

 private:
  void settle_in(const Host& host);
  void hear(os::Instant now);
  void close_reached();
  void last_look(os::Instant now);
  Outcome judge(os::Instant now);
  [[nodiscard]] bool all_answered() const;
  [[nodiscard]] os::Instant next();
  void be_cancelable();

  Settings settings_;
  Board board_;
  Sleeper sleeper_;
  probe::Neighbourhood neighbourhood_;
  Dialling dialling_;
  Sweep sweep_;
  Names names_;
  std::optional<os::ProcessWatch> process_;

  std::optional<Mode> mode_;
  os::Instant began_;
  os::Instant deadline_;
  bool once_ = false;
  bool under_way_ = false;
  bool cancelable_ = false;
  std::span<const os::Poller::Token> woken_by_;
  std::vector<PlaceId> gone_;
  std::vector<PlaceId> come_;

  // What a signal handler touches.
  std::atomic<bool> canceled_ = false;
  std::atomic<const os::Wakeup*> cancel_wakeup_ = nullptr;
  std::optional<os::Wakeup> wakeup_;
};

}  // namespace portend::wait
