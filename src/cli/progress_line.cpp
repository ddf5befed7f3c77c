// SPDX-License-Identifier: MIT
#include "progress_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <utility>

#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::chrono::milliseconds redraw_period{200};
constexpr std::array fatal_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

std::atomic<portend_waiter*> awaited = nullptr;
volatile std::sig_atomic_t caught = 0;

extern "C" void end_wait(int signal) {
  caught = signal;
  portend_waiter_cancel(awaited.load());
}

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string seconds_text(std::chrono::steady_clock::duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

ProgressLine::ProgressLine(portend_waiter* waiter, const std::vector<Target>& targets, std::string state,
                           bool quiet)
    : waiter_(waiter),
      targets_(targets),
      state_(std::move(state)),
      enabled_(!quiet && isatty(STDERR_FILENO) == 1) {
  if (!enabled_) return;
  portend_waiter_set_interrupt(waiter_, draw_by_hook, this);
  awaited = waiter_;
  struct sigaction action {};
  action.sa_handler = end_wait;
  for (const int signal : fatal_signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

ProgressLine::~ProgressLine() {
  if (!enabled_) return;
  clear();
  for (const int signal : fatal_signals) {
    struct sigaction now {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler == end_wait) std::signal(signal, SIG_DFL);
  }
  awaited = nullptr;
  portend_waiter_set_interrupt(waiter_, nullptr, nullptr);
}

int ProgressLine::interrupted_by() { return caught; }

int ProgressLine::draw_by_hook(void* self) {
  static_cast<ProgressLine*>(self)->draw();
  return 0;
}

void ProgressLine::draw() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + redraw_period;

  int missing = 0;
  int first = -1;
  for (int i = 0; i < static_cast<int>(targets_.size()); ++i) {
    if (portend_waiter_reached(waiter_, i) != 0) continue;
    if (missing++ == 0) first = i;
  }
  if (missing == 0) return;
  const auto& target = targets_[static_cast<std::size_t>(first)];
  std::string line = "Waiting for " + target.text + " to be " + state_ + ", " + seconds_text(now - began_);
  const auto reason = portend_waiter_reason(waiter_, first);
  if (reason != PORTEND_REASON_NONE) line += std::string(" (") + portend_reason_text(reason) + ")";
  if (missing > 1) line += ", and " + std::to_string(missing - 1) + " more";
  std::fprintf(stderr, "\r%s\033[K", shortened(line, terminal_width() - 1).c_str());
  shown_ = true;
}

void ProgressLine::clear() const {
  if (shown_) std::fputs("\r\033[K", stderr);
}

}  // namespace portend::cli
