// SPDX-License-Identifier: MIT
#include "os/posix/program_start.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "os/posix/flags.hpp"
#include "os/posix/supervisor_system.hpp"
#include "os/supervisor.hpp"

namespace portend::os {

namespace {

constexpr int not_executed = 127;

void note_failure(const SupervisorPlan& plan, StartStep step) noexcept {
  plan.state->error = errno;
  plan.state->failed_step = static_cast<int>(step);
}

struct Pipe {
  int reading = -1;
  int writing = -1;
};

bool open_pipe(Pipe& made) noexcept {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return false;
  made = {ends[0], ends[1]};
  return set_flags(made.reading, Blocking::yes) && set_flags(made.writing, Blocking::yes);
}

/// Tries each path in turn, as execvp(3) does. A file that may not be executed does not end the search.
[[noreturn]] void execute(const SupervisorPlan& plan) noexcept {
  int error = ENOENT;
  for (const auto* path = plan.paths; *path != nullptr; ++path) {
    execve(*path, plan.arguments, plan.environment);
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
  }
  errno = error;
  note_failure(plan, StartStep::execute);
  _exit(not_executed);
}

[[noreturn]] void become_program(const SupervisorPlan& plan, int output, int supervisor) noexcept {
  end_with_parent(supervisor);
  setpgid(0, 0);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (plan.directory != nullptr && chdir(plan.directory) != 0) {
    note_failure(plan, StartStep::change_directory);
    _exit(not_executed);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execute(plan);
}

/// Returns when the other end is closed, which exec(2) does.
void await_close(int reading) noexcept {
  char byte = 0;
  while (read(reading, &byte, 1) > 0 || errno == EINTR) errno = 0;
}

int fork_program(const SupervisorPlan& plan, const Pipe& output, const Pipe& executed) noexcept {
  const int supervisor = getpid();
  const int program = fork_plain();
  if (program == 0) become_program(plan, output.writing, supervisor);
  close(output.writing);
  close(executed.writing);
  if (program < 0) {
    note_failure(plan, StartStep::fork);
    return -1;
  }
  setpgid(program, program);  // parent and child both call it: either may run first
  plan.state->program = program;
  await_close(executed.reading);
  close(executed.reading);
  if (plan.state->failed_step == 0) return output.reading;
  waitpid(program, nullptr, 0);
  return -1;
}

}  // namespace

int start_program(const SupervisorPlan& plan) noexcept {
  Pipe output;
  Pipe executed;
  if (!open_pipe(output) || !open_pipe(executed) || !set_flags(output.reading, Blocking::no)) {
    note_failure(plan, StartStep::fork);
    return -1;
  }
  return fork_program(plan, output, executed);
}

}  // namespace portend::os
