// SPDX-License-Identifier: MIT
// Many waits in one event loop, with one descriptor and one thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "os/time.hpp"
#include "wait/engine.hpp"
#include "wait/interrupt.hpp"
#include "wait/wait.hpp"

namespace portend::wait {

class Group {
 public:
  /// While it lives, the thread that runs the loop, if any, touches nothing. The thread is woken, and
  /// continues after the destruction of this object.
  class Pause {
   public:
    explicit Pause(Group& group);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    Group& group_;
    std::unique_lock<std::mutex> lock_;
    bool counted_ = false;
  };

  enum class News : std::uint8_t { wait, none, canceled, interrupted };
  struct Next {
    News news = News::none;
    std::int64_t id = 0;  // of a wait that has ended, or has a new event
  };

  Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() = default;

  /// Adds a wait that has begun.
  void add(Wait& wait, std::int64_t id);

  /// Removes a wait, if the loop still has it.
  void remove(Wait& wait) noexcept;

  /// Runs the loop until a wait has ended or has a new event, or until `until`.
  Next next(os::Instant until, const Interrupt& interrupt);

  /// A descriptor that is readable when next() has something to do; -1 if the system has no such descriptor.
  int descriptor();

  /// Makes this and every later call of next() return. Safe in signal handlers.
  void cancel() noexcept;

  /// Ends every wait as canceled.
  void close() noexcept;

  [[nodiscard]] const Engine& engine() const { return engine_; }

 private:
  void step();
  void rearm();

  Engine engine_;
  std::deque<const Wait*> news_;  // waits that have ended, or have new events
  std::atomic<bool> canceled_ = false;
  bool polled_ = false;  // by a foreign event loop

  std::mutex mutex_;
  std::condition_variable resumed_;
  std::atomic<int> pauses_ = 0;
};

}  // namespace portend::wait
