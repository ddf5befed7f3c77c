// SPDX-License-Identifier: MIT
#include "run_command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "execute.hpp"
#include "exit_codes.hpp"
#include "print_error.hpp"

namespace portend::cli {

namespace {

bool is_process_one() { return getpid() == 1; }

}  // namespace

RunCommand::RunCommand(const Command& command) : pid_(fork()) {
  if (pid_ < 0) {
    throw LibraryFailure{PORTEND_ERR_SYSTEM,
                         std::string("portend: COMMAND not started: ") + std::strerror(errno) + "."};
  }
  if (pid_ == 0) _exit(execute(command));
}

void RunCommand::reap() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  reap_orphans();
}

void RunCommand::signal(int number, std::chrono::milliseconds grace) {
  if (status_) return;
  ::kill(pid_, number);
  ::kill(pid_, SIGCONT);
  const auto end = Clock::now() + grace;
  if (!kill_at_ || end < *kill_at_) kill_at_ = end;
}

void RunCommand::check_grace() const {
  if (!status_ && kill_at_ && Clock::now() >= *kill_at_) ::kill(pid_, SIGKILL);
}

int RunCommand::end_signal() const { return status_ && WIFSIGNALED(*status_) ? WTERMSIG(*status_) : 0; }

int RunCommand::exit_code() const {
  if (end_signal() != 0) return exit_by_signal + end_signal();
  return status_ ? WEXITSTATUS(*status_) : 0;
}

void reap_orphans() {
  // Other children may belong to the library, if it cannot hide them, so their statuses stay.
  if (!is_process_one()) return;
  siginfo_t info{};
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0) info = {};
}

}  // namespace portend::cli
