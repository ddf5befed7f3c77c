// SPDX-License-Identifier: MIT
#include "os/supervisor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <new>
#include <string_view>

#include "os/posix/flags.hpp"
#include "os/posix/supervisor_signals.hpp"
#include "os/posix/supervisor_state.hpp"
#include "os/posix/supervisor_system.hpp"
#include "os/posix/system_error.hpp"

#ifndef _GNU_SOURCE  // with it, unistd.h declares this
extern char** environ;
#endif

namespace portend::os {

namespace {

/// The pointers for exec(2), which end with NULL.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

std::string search_path(const std::vector<std::string>& environment) {
  constexpr std::string_view name = "PATH=";
  for (const auto& variable : environment) {
    if (variable.starts_with(name)) return variable.substr(name.size());
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

/// The files that the command may name.
std::vector<std::string> paths_of(const Program& program) {
  const auto& command = program.arguments.front();
  if (command.find('/') != std::string::npos) return {command};
  std::vector<std::string> result;
  const auto path = search_path(program.environment);
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    const auto folder = path.substr(begin, end - begin);
    result.push_back((folder.empty() ? "." : folder) + "/" + command);
    begin = end + 1;
  }
  return result;
}

std::array<Descriptor, 2> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw_system_error("socketpair");
  std::array<Descriptor, 2> owned{Descriptor(ends[0]), Descriptor(ends[1])};
  for (const int end : ends) {
    if (!set_flags(end, Blocking::yes)) throw_system_error("fcntl");
  }
  return owned;
}

/// Blocks all signals in this thread, so that no handler of this process runs in the child.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_{};
};

SupervisorState* share_state() {
  void* const memory =
      mmap(nullptr, sizeof(SupervisorState), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw_system_error("mmap");
  return new (memory) SupervisorState;
}

}  // namespace

Descriptor open_output_file(const std::string& path) {
  constexpr mode_t mode = 0666;
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, mode));
  if (!file) throw_system_error(path.c_str());
  return file;
}

Descriptor duplicate_for_output(int descriptor) {
  struct stat status {};
  const bool known = fstat(descriptor, &status) == 0;
  if (known && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode))) {
    // A pipe or terminal that is opened anew can be set non-blocking without affecting its other users.
    const auto path = "/proc/self/fd/" + std::to_string(descriptor);
    Descriptor own(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (own) return own;
  }
  Descriptor copy(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw_system_error("cannot duplicate the descriptor for output");
  return copy;
}

std::vector<std::string> environment_variables() {
  std::vector<std::string> result;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    result.emplace_back(*variable);
  }
  return result;
}

Supervisor::Supervisor(const Program& program, const OutputTarget& output, std::chrono::milliseconds grace)
    : state_(share_state()) {
  state_->grace_ms = grace.count();
  try {
    start(program, output);
    watch_.emplace(pid_);
    await_start();
  } catch (...) {
    control_.reset();  // ends the supervisor and its program
    if (pid_ > 0) reap_hidden(pid_);
    munmap(state_, sizeof *state_);
    throw;
  }
}

void Supervisor::start(const Program& program, const OutputTarget& output) {
  const auto paths = paths_of(program);
  const auto path_pointers = pointers_to(paths);
  const auto arguments = pointers_to(program.arguments);
  const auto environment = pointers_to(program.environment);
  auto ends = socket_pair();
  const auto host_end = own_end();
  const SupervisorPlan plan{.arguments = arguments.data(),
                            .environment = environment.data(),
                            .paths = path_pointers.data(),
                            .directory = program.directory.empty() ? nullptr : program.directory.c_str(),
                            .prefix = output.prefix.c_str(),
                            .prefix_size = output.prefix.size(),
                            .control = ends[1].get(),
                            .output = output.descriptor.get(),
                            .host_end = host_end.get(),
                            .host = getpid(),
                            .grace_ms = state_->grace_ms,
                            .state = state_};
  const BlockedSignals blocked;
  pid_ = fork_hidden();
  if (pid_ == 0) run_supervisor(plan);
  if (pid_ < 0) throw StartError(StartStep::fork, errno);
  control_ = std::move(ends[0]);
}

void Supervisor::await_start() {
  pollfd ready{.fd = control_.get(), .events = POLLIN, .revents = 0};
  while (poll(&ready, 1, -1) <= 0) {
  }
  if (state_->failed_step == 0 && state_->program != 0) return;
  throw StartError(static_cast<StartStep>(state_->failed_step.load()), state_->error);
}

Supervisor::~Supervisor() {
  control_.reset();
  if (pid_ != 0 && is_gone()) reap_hidden(pid_);
  munmap(state_, sizeof *state_);
}

std::int64_t Supervisor::program() const { return state_->program; }

void Supervisor::acknowledge() const noexcept {
  std::array<char, 64> bytes;
  while (recv(control_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
}

bool Supervisor::has_ended() const {
  const bool failed = state_->exit_code != 0 || state_->exit_signal != 0;
  return is_gone() || (state_->exited && failed);
}

std::optional<ProgramExit> Supervisor::exit() const {
  if (!state_->exited) return {};
  return ProgramExit{state_->exit_code, state_->exit_signal};
}

std::string Supervisor::output() const { return state_->output.text(); }

void Supervisor::stop(std::chrono::milliseconds grace) {
  state_->grace_ms = grace.count();
  state_->stopping = true;
  if (!is_gone()) send_notice(control_.get());
}

bool Supervisor::is_gone() const { return state_->finished || !watch_->alive(); }

std::int64_t Supervisor::left_behind() const { return state_->left_behind; }

}  // namespace portend::os
