// SPDX-License-Identifier: MIT
// The main loop of a supervisor: see run_supervisor().
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "os/posix/program_start.hpp"
#include "os/posix/supervisor_output.hpp"
#include "os/posix/supervisor_signals.hpp"
#include "os/posix/supervisor_state.hpp"
#include "os/posix/supervisor_system.hpp"
#include "os/time.hpp"

namespace portend::os {

namespace {

using namespace std::chrono_literals;

/// How often to check for changes that raise no event: orphans, an empty process group and, on some systems,
/// the end of the parent.
constexpr Duration recheck = 50ms;
/// How long after KILL a process that still exists is reported as one that cannot be ended.
constexpr Duration kill_patience = 3s;
/// How long the last output may wait for its target.
constexpr Duration flush_patience = 500ms;

class SupervisorLoop {
 public:
  SupervisorLoop(const SupervisorPlan& plan, int output)
      : plan_(plan), state_(*plan.state), pump_(plan), signals_(state_.program), output_(output) {}

  void run() noexcept {
    while (!is_over()) {
      wait();
      reap();
      if (stopping_) pursue();
    }
    finish();
  }

 private:
  void wait() noexcept;
  void reap() noexcept;
  void read_orders() noexcept;
  void end_with_host() noexcept;
  void begin_stop(std::int64_t grace_ms) noexcept;
  void pursue() noexcept;
  void finish() noexcept;
  void close_output() noexcept;
  [[nodiscard]] int pause_ms() const noexcept;

  [[nodiscard]] bool is_over() const {
    return state_.left_behind != 0 || (childless_ && (adopts_orphans || !signals_.group_exists()));
  }

  const SupervisorPlan& plan_;
  SupervisorState& state_;
  OutputPump pump_;
  DescendantSignals signals_;
  int output_;
  int child_notices_ = open_child_notices();
  int control_ = plan_.control;
  bool childless_ = false;
  bool host_ended_ = false;
  bool stopping_ = false;
  Instant kill_at_ = never;
};

int SupervisorLoop::pause_ms() const noexcept {
  constexpr int forever = -1;
  const bool needs_recheck = stopping_ || childless_ || child_notices_ < 0 || plan_.host_end < 0;
  return needs_recheck ? static_cast<int>(recheck / 1ms) : forever;
}

void SupervisorLoop::close_output() noexcept {
  if (output_ >= 0) close(output_);
  output_ = -1;
}

void SupervisorLoop::wait() noexcept {
  const bool blocked = pump_.is_blocked();
  std::array<pollfd, 5> polled{{{.fd = control_, .events = POLLIN, .revents = 0},
                                {.fd = host_ended_ ? -1 : plan_.host_end, .events = POLLIN, .revents = 0},
                                {.fd = child_notices_, .events = POLLIN, .revents = 0},
                                {.fd = blocked ? -1 : output_, .events = POLLIN, .revents = 0},
                                {.fd = blocked ? pump_.target() : -1, .events = POLLOUT, .revents = 0}}};
  if (poll(polled.data(), polled.size(), pause_ms()) < 0) return;
  const bool orphaned = polled[1].revents != 0 || (plan_.host_end < 0 && getppid() != plan_.host);
  if (orphaned) end_with_host();
  if (polled[0].revents != 0) read_orders();
  if (polled[2].revents != 0) clear_child_notices(child_notices_);
  if (polled[3].revents != 0 && !pump_.pump(output_) && errno == EPIPE) close_output();
  if (polled[4].revents != 0) pump_.flush();
}

/// A byte means that the shared state has changed. The end of the stream means that the host has ended.
void SupervisorLoop::read_orders() noexcept {
  std::array<char, 64> bytes;
  const auto size = control_ < 0 ? -1 : recv(control_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size > 0 && state_.stopping) begin_stop(state_.grace_ms);
  if (size == 0 || (size < 0 && control_ >= 0 && errno != EAGAIN && errno != EINTR)) end_with_host();
}

/// Uses the grace of the plan, because the host may have asked for an unlimited one and servers must not stay
/// forever.
void SupervisorLoop::end_with_host() noexcept {
  if (host_ended_) return;
  host_ended_ = true;
  if (control_ >= 0) close(control_);
  control_ = -1;
  begin_stop(plan_.grace_ms);
}

void SupervisorLoop::begin_stop(std::int64_t grace_ms) noexcept {
  kill_at_ = deadline(Clock::now(), grace_ms);
  stopping_ = true;
  pump_.drop_if_blocked();
  pump_.flush();
}

void SupervisorLoop::reap() noexcept {
  for (;;) {
    int status = 0;
    const int pid = waitpid(-1, &status, WNOHANG);
    childless_ = pid < 0 && errno == ECHILD;
    if (pid <= 0) return;
    if (pid != state_.program) continue;
    state_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    state_.exit_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    state_.exited = true;
    send_notice(control_);
  }
}

/// Sends TERM to every process that has not got it yet, and KILL after the grace.
void SupervisorLoop::pursue() noexcept {
  const auto now = Clock::now();
  if (now < kill_at_) {
    signals_.terminate();
    return;
  }
  signals_.kill();
  if (now > saturating_add(kill_at_, kill_patience)) state_.left_behind = signals_.any_left();
}

void SupervisorLoop::finish() noexcept {
  const auto end = saturating_add(Clock::now(), flush_patience);
  while (output_ >= 0 && Clock::now() < end) {
    if (pump_.is_blocked()) {
      pollfd writable{.fd = pump_.target(), .events = POLLOUT, .revents = 0};
      poll(&writable, 1, static_cast<int>(recheck / 1ms));
      pump_.flush();
    } else if (!pump_.pump(output_)) {
      break;
    }
  }
  pump_.finish_line();
}

}  // namespace

void run_supervisor(SupervisorPlan plan) noexcept {
  detach(plan);
  const int output = start_program(plan);
  static_cast<void>(chdir("/") == 0);
  send_notice(plan.control);
  if (output >= 0) SupervisorLoop(plan, output).run();
  plan.state->finished = true;
  _exit(0);
}

}  // namespace portend::os
