// SPDX-License-Identifier: MIT
#include "progress_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "reason.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::chrono::milliseconds redraw_period{200};

std::string seconds_text(std::chrono::steady_clock::duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

ProgressLine::ProgressLine(portend_waiter* waiter, const Plan& plan) : waiter_(waiter), plan_(plan) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::draw() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + redraw_period;

  int missing = 0;
  int first = -1;
  for (int i = 0; i < static_cast<int>(plan_.size()); ++i) {
    if (portend_waiter_reached(waiter_, i) != 0) continue;
    if (missing++ == 0) first = i;
  }
  if (missing == 0) return;
  const auto& target = plan_[static_cast<std::size_t>(first)];
  std::string line = "Waiting for " + target.text + " to be " + portend_state_text(target.wanted) + ", " +
                     seconds_text(now - began_);
  const auto reason = portend_waiter_reason(waiter_, first);
  if (reason != PORTEND_REASON_NONE) {
    line += " (" + describe(reason, portend_waiter_address(waiter_, first)) + ")";
  }
  if (missing > 1) line += ", and " + std::to_string(missing - 1) + " more";
  const auto columns = terminal_size(STDERR_FILENO).columns;
  std::fprintf(stderr, "\r%s\033[K", shortened(line, columns - 1).c_str());
  shown_ = true;
}

}  // namespace portend::cli
