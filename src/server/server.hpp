// SPDX-License-Identifier: MIT
// A program that serves a port: starts it, waits for it, stops it.
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
  process_left,   // KILL did not end a process
  port_occupied,  // a process that is not a descendant of the server listens
};

/// The condition of a server, or how it ended.
struct Report {
  std::int64_t pid = 0;
  bool alive = false;
  std::optional<os::ProgramExit> exit;
  std::string output;
  std::int64_t left_behind = 0;
};

/// Not thread-safe, except cancel(), port(), alive() and report().
class Server {
 public:
  Options& options() { return options_; }
  [[nodiscard]] const Options& options() const { return options_; }
  void set_interrupt(const wait::Interrupt& interrupt) { interrupt_ = interrupt; }

  /// Chooses the port on the first call, and reserves it. Throws ports::NoPort and ports::NoAddress.
  std::uint16_t reserve();

  /// Starts the program. Throws os::StartError, and the exceptions of reserve().
  void launch();

  /// Waits until the server listens.
  Readiness await_ready(os::Instant until);

  /// A port that the server listens on instead of its own.
  [[nodiscard]] std::optional<std::uint16_t> other_port() const;

  /// Whether a process that the server did not start listens on its port, while the server is not ready.
  [[nodiscard]] bool has_other_owner() const;

  /// Sends TERM now, and KILL after the grace. Returns at once. Another call replaces the grace.
  void begin_stop(std::int64_t grace_ms);

  /// Calls begin_stop(), and waits until the server has ended and the port is free. A server that does not
  /// run counts as stopped.
  Stop stop(std::int64_t grace_ms);

  void cancel() noexcept;
  void clear_cancel() noexcept;

  /// For a forked copy: leaves everything to the parent.
  void disown() noexcept;

  [[nodiscard]] bool is_launched() const { return supervisor_ != nullptr; }
  [[nodiscard]] bool is_ready() const { return ready_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool alive() const;
  [[nodiscard]] Report report() const;

  /// A descriptor that is readable when alive() may have changed; -1 if the server was not launched.
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

  std::atomic<std::uint16_t> port_ = 0;  // the port it listens on, or is to listen on
  std::uint16_t chosen_port_ = 0;        // the port given to the program
  std::atomic<bool> ready_ = false;
  std::unique_ptr<ports::Reservation> reservation_;
  std::optional<ListenerScan> scan_;
  os::Instant launched_at_{};

  mutable std::mutex mutex_;  // guards supervisor_ and the report
  std::unique_ptr<os::Supervisor> supervisor_;
  Report last_report_;
};

}  // namespace portend::server
