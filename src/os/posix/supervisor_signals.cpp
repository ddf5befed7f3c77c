// SPDX-License-Identifier: MIT
#include "os/posix/supervisor_signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "os/posix/close_descriptors.hpp"
#include "os/posix/flags.hpp"
#include "os/posix/send_flags.hpp"
#include "os/posix/supervisor_system.hpp"

namespace portend::os {

namespace {

constexpr int first_free_descriptor = 3;

/// The end of a pipe that the SIGCHLD handler writes to.
int notice_writing = -1;

// extern "C" functions in a namespace are visible to the linker unless they are static.
extern "C" {

static void on_child_exit(int /*signal*/) {
  const int before = errno;
  static_cast<void>(write(notice_writing, "", 1) < 0);
  errno = before;
}

}  // extern "C"

/// The inherited handlers rely on threads that do not exist in this process.
void reset_signals() noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &action, nullptr);
}

/// Moves a descriptor out of the range of the standard streams. If it is already outside, it stays: the
/// descriptor limit may leave no other number.
int move_up(int fd) noexcept {
  if (fd < 0) return -1;
  if (fd < first_free_descriptor) return fcntl(fd, F_DUPFD_CLOEXEC, first_free_descriptor);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

}  // namespace

void detach(SupervisorPlan& plan) noexcept {
  // Does not start a session: Linux may schedule processes by session, and on a busy machine a server in its
  // own session took twice the time to start (measured).
  setpgid(0, 0);
  reset_signals();
  name_supervisor();
  adopt_orphans();
  plan.control = move_up(plan.control);
  plan.output = move_up(plan.output);
  plan.host_end = move_up(plan.host_end);
  std::array kept{plan.control, plan.output, plan.host_end};
  std::ranges::sort(kept);
  close_all_except(kept);
  // Occupies the numbers of the standard streams, so that no other file can get them.
  for (int i = 0; i < first_free_descriptor; ++i) static_cast<void>(open("/dev/null", O_RDWR));
}

int open_child_notices() noexcept {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return -1;
  if (!set_flags(ends[0], Blocking::no) || !set_flags(ends[1], Blocking::no)) {
    for (const int end : ends) close(end);
    return -1;
  }
  notice_writing = ends[1];
  struct sigaction action {};
  action.sa_handler = on_child_exit;
  action.sa_flags = SA_RESTART;
  sigaction(SIGCHLD, &action, nullptr);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_UNBLOCK, &child, nullptr);
  // A child may have ended before the handler was installed.
  on_child_exit(SIGCHLD);
  return ends[0];
}

void clear_child_notices(int notices) noexcept {
  std::array<char, 64> bytes;
  while (read(notices, bytes.data(), bytes.size()) > 0) {
  }
}

void send_notice(int control) noexcept {
  // The other side may wait for nothing else, so a notice must not be lost while the system lacks memory.
  constexpr int most_attempts = 20;
  for (int attempt = 0; control >= 0 && attempt < most_attempts; ++attempt) {
    if (send(control, "", 1, MSG_DONTWAIT | without_sigpipe) == 1) return;
    poll(nullptr, 0, 1);
  }
}

bool DescendantSignals::group_exists() const noexcept {
  if (!group_gone_) group_gone_ = ::kill(-group_, 0) != 0 && errno == ESRCH;
  return !group_gone_;
}

/// Returns false if the process was noted before.
bool DescendantSignals::note(int pid) noexcept {
  auto* const end = told_.begin() + static_cast<std::ptrdiff_t>(told_count_);
  if (std::find(told_.begin(), end, pid) != end) return false;
  if (told_count_ < told_.size()) told_[told_count_++] = pid;
  return true;
}

void DescendantSignals::terminate() noexcept {
  if (!group_told_ && group_exists()) {
    group_told_ = true;
    ::kill(-group_, SIGTERM);
    ::kill(-group_, SIGCONT);
  }
  std::array<int, 256> pids{};
  const auto count = children(pids);
  for (std::size_t i = 0; i < count; ++i) {
    if (getpgid(pids[i]) == group_ || !note(pids[i])) continue;
    ::kill(pids[i], SIGTERM);
    ::kill(pids[i], SIGCONT);
  }
}

void DescendantSignals::kill() const noexcept {
  if (group_exists()) ::kill(-group_, SIGKILL);
  std::array<int, 256> pids{};
  const auto count = children(pids);
  for (std::size_t i = 0; i < count; ++i) ::kill(pids[i], SIGKILL);
}

int DescendantSignals::any_left() const noexcept {
  std::array<int, 256> pids{};
  return children(pids) > 0 ? pids[0] : group_;
}

}  // namespace portend::os
