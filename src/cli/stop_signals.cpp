// SPDX-License-Identifier: MIT
#include "stop_signals.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>

#include "exit_codes.hpp"

namespace portend::cli {

namespace {

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

std::atomic<portend_waiter*> awaited = nullptr;
std::atomic<int> caught = 0;
std::atomic<const char*> restoring_text = nullptr;
std::atomic<int> restored_terminal = -1;

sigset_t set_of_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : stop_signals) sigaddset(&set, signal);
  return set;
}

void restore_terminal() {
  const char* const text = restoring_text.load();
  if (text == nullptr) return;
  // A failure means that the terminal is closed, and needs no restoring.
  static_cast<void>(write(restored_terminal.load(), text, std::strlen(text)) < 0);
}

/// Must be async-signal-safe.
extern "C" void on_stop_signal(int signal) {
  portend_waiter* const waiter = awaited.load();
  if (waiter == nullptr) {
    restore_terminal();
    die_of(signal);
  }
  caught = signal;
  portend_waiter_cancel(waiter);
}

}  // namespace

void handle_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  // One signal at a time. No SA_RESTART: blocking calls must return.
  action.sa_mask = set_of_stop_signals();
  for (const int signal : stop_signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

StopWait::StopWait(portend_waiter* waiter) { awaited = waiter; }
StopWait::~StopWait() { awaited = nullptr; }
int StopWait::signal() { return caught; }

RestoreTerminal::RestoreTerminal(int descriptor, const char* text) {
  restored_terminal = descriptor;
  restoring_text = text;
}

RestoreTerminal::~RestoreTerminal() {
  restore_terminal();
  restoring_text = nullptr;
}

DelaySignals::DelaySignals() {
  const auto set = set_of_stop_signals();
  sigprocmask(SIG_BLOCK, &set, &before_);
}

DelaySignals::~DelaySignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

void die_of(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigaction(signal, &action, nullptr);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal);
  // For process 1, the system ignores a signal without a handler.
  _exit(exit_by_signal + signal);
}

}  // namespace portend::cli
