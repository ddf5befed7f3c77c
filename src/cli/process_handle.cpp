// SPDX-License-Identifier: MIT
#include "process_handle.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>

namespace portend::cli {

namespace {

int pidfd_open(std::int64_t pid) {
#ifdef SYS_pidfd_open
  return static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0U));
#else
  static_cast<void>(pid);
  errno = ENOSYS;
  return -1;
#endif
}

int pidfd_send_signal(int pidfd, int signal) {
#ifdef SYS_pidfd_send_signal
  return static_cast<int>(syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0U));
#else
  static_cast<void>(pidfd);
  static_cast<void>(signal);
  errno = ENOSYS;
  return -1;
#endif
}

/// Reads field 4 of /proc/PID/stat; 0 if there is none. The process name before it may contain any bytes,
/// even parentheses.
std::int64_t parent_of(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line, '\0');
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string state;
  std::int64_t parent = 0;
  fields >> state >> parent;
  return parent;
}

}  // namespace

ProcessHandle::ProcessHandle(std::int64_t pid) : pid_(pid), pidfd_(pidfd_open(pid)) {
  if (pidfd_ < 0) error_ = errno;
}

ProcessHandle::~ProcessHandle() {
  if (pidfd_ >= 0) close(pidfd_);
}

int ProcessHandle::send(int signal) const {
  if (pidfd_ < 0 && error_ == ESRCH) return ESRCH;
  const int result = pidfd_ >= 0 ? pidfd_send_signal(pidfd_, signal) : -1;
  if (result == 0) return 0;
  if (pidfd_ >= 0 && errno != ENOSYS) return errno;
  return ::kill(static_cast<pid_t>(pid_), signal) == 0 ? 0 : errno;
}

std::set<std::int64_t> own_ancestry() {
  std::set<std::int64_t> ancestry{getpid()};
  for (std::int64_t pid = getppid(); pid > 0 && ancestry.insert(pid).second;) pid = parent_of(pid);
  return ancestry;
}

bool proc_is_own() {
  std::array<char, 32> room{};
  const auto length = readlink("/proc/self", room.data(), room.size());
  std::int64_t pid = 0;
  if (length > 0) std::from_chars(room.data(), room.data() + length, pid);
  return pid == getpid();
}

}  // namespace portend::cli
