// SPDX-License-Identifier: MIT
#include "run_signals.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "signal_pipe.hpp"

namespace portend::cli {

namespace {

constexpr std::array run_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};

int writing = -1;

// extern "C" functions in a namespace are visible to the linker unless they are static.
extern "C" {

static void on_run_signal(int number, siginfo_t* info, void* /*context*/) {
  const int before = errno;
  // A signal from a process has a code that is not positive.
  const RunSignal signal{number, info->si_code > 0};
  static_cast<void>(write(writing, &signal, sizeof signal) < 0);
  errno = before;
}

}  // extern "C"

}  // namespace

RunSignals::RunSignals() {
  const auto pipe = open_signal_pipe();
  reading_ = pipe.reading;
  writing = pipe.writing;
  struct sigaction action {};
  action.sa_sigaction = on_run_signal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int signal : run_signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN || signal == SIGCHLD) sigaction(signal, &action, nullptr);
  }
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_UNBLOCK, &child, &mask_before_);
}

std::optional<RunSignal> RunSignals::take() const {
  RunSignal signal;
  return read(reading_, &signal, sizeof signal) == sizeof signal ? std::optional(signal) : std::nullopt;
}

void RunSignals::restore_mask() const { sigprocmask(SIG_SETMASK, &mask_before_, nullptr); }

}  // namespace portend::cli
