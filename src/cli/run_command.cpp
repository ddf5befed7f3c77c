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

constexpr int any_child = -1;

bool is_process_one() { return getpid() == 1; }

}  // namespace

RunCommand::RunCommand(const Command& command, const RunSignals& signals) : pid_(fork()) {
  if (pid_ < 0) {
    throw LibraryFailure{PORTEND_ERR_SYSTEM,
                         std::string("portend: COMMAND not started: ") + std::strerror(errno) + "."};
  }
  if (pid_ == 0) {
    signals.restore_mask();
    _exit(execute(command));
  }
}

void RunCommand::reap() {
  // Process 1 reaps the command and orphans in one loop. Between two loops the command could end, and its
  // status would be taken for that of an orphan. In other processes, other children may belong to the
  // library.
  const int wanted = is_process_one() ? any_child : pid_;
  int status = 0;
  for (int pid = 0; (pid = waitpid(wanted, &status, WNOHANG)) > 0;) {
    if (pid == pid_ && !status_) status_ = status;
  }
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
  while (is_process_one() && waitpid(any_child, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace portend::cli
