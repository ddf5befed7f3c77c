// SPDX-License-Identifier: MIT
// A program that serves a port: started, ready, stopped.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "os/poller.hpp"
#include "os/supervisor.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"
#include "ports/reservation.hpp"
#include "server/listener_scan.hpp"
#include "server/options.hpp"
#include "wait/interrupt.hpp"

namespace portend::server {

enum class Readiness : std::uint8_t { ready, timed_out, exited, canceled, interrupted };

enum class Stop : std::uint8_t {
  stopped,
  process_left,   // one that KILL did not end
  port_occupied,  // by a process that is not a descendant of the server
};

/// How a server stands, or how it ended.
struct Report {
  std::int64_t pid = 0;
  bool alive = false;
  std::optional<os::ProgramExit> exit;
  std::string output;
  std::int64_t left_behind = 0;
};

/// One thread at a time; cancel(), port(), alive() and report() excepted.
class Server {
 public:
  Options& options() { return options_; }
  [[nodiscard]] const Options& options() const { return options_; }
  void set_interrupt(const wait::Interrupt& interrupt) { interrupt_ = interrupt; }

  /// Chooses the port, once, and keeps it. Throws ports::NoPort and ports::NoAddress.
  std::uint16_t reserve();

  /// Starts the program. Throws os::StartError, and what reserve() throws.
  void launch();

  /// Waits until the server listens.
  Readiness await_ready(os::Instant until);

  /// A port that it listens on instead of its own.
  [[nodiscard]] std::optional<std::uint16_t> other_port() const;

  /// Of a server that is not ready: whether a process that it did not start listens on its port.
  [[nodiscard]] bool has_other_owner() const;

  /// TERM now, KILL after the grace. Returns at once; another call replaces the grace.
  void begin_stop(std::int64_t grace_ms);

  /// The same, and waits until it is gone and the port is free. A server that does not run is stopped.
  Stop stop(std::int64_t grace_ms);

  void cancel() noexcept;
  void clear_cancel() noexcept;

  /// What fork(2) copied belongs to the parent.
  void disown() noexcept;

  [[nodiscard]] bool is_launched() const { return supervisor_ != nullptr; }
  [[nodiscard]] bool is_ready() const { return ready_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool alive() const;
  [[nodiscard]] Report report() const;

  /// Readable when alive() may have changed; -1 if the server was not launched.
  [[nodiscard]] int descriptor() const;

 private:
  [[nodiscard]] os::Program program() const;
  [[nodiscard]] os::OutputTarget output_target() const;
  [[nodiscard]] std::string filled_in(const std::string& text) const;
  [[nodiscard]] Report report_of_supervisor() const;
  void watch_end_and_cancel(os::Poller& poller) const;
  void await_gone();

  Options options_;
  wait::Interrupt interrupt_;
  os::Wakeup wakeup_;
  std::atomic<bool> canceled_ = false;

  std::atomic<std::uint16_t> port_ = 0;  // that it listens on, or is to listen on
  std::uint16_t chosen_port_ = 0;        // that it is told
  std::atomic<bool> ready_ = false;
  std::unique_ptr<ports::Reservation> reservation_;
  std::optional<ListenerScan> scan_;
  os::Instant launched_at_{};

  mutable std::mutex mutex_;  // guards the pointer, and the report
  std::unique_ptr<os::Supervisor> supervisor_;
  Report last_report_;
};

}  // namespace portend::server
