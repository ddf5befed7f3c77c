// SPDX-License-Identifier: MIT
// Many waits in one event loop: one descriptor and one thread for all of them.
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
  /// Keeps the thread that runs the loop, if there is one, from touching anything: it is woken,
  /// and goes on when this object is destroyed.
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

  /// Makes a wait that has begun part of the loop.
  void add(Wait& wait, std::int64_t id);

  /// Takes a wait out of the loop, if it is still there.
  void remove(Wait& wait) noexcept;

  /// Runs the loop until there is news, at the latest until `until`.
  Next next(os::Instant until, const Interrupt& interrupt);

  /// Readable when next() has something to do; -1 where the system has no such descriptor.
  int descriptor();

  /// Makes next() end, now and from now on. Safe in signal handlers.
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
