// SPDX-License-Identifier: MIT
// Runs a program under a supervisor: a process between the host (this process) and the program. The
// supervisor starts the program and takes its output. It ends the program and all descendants on request, or
// when the host has ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "os/descriptor.hpp"
#include "os/process.hpp"

namespace portend::os {

struct Program {
  std::vector<std::string> arguments;    // the first one is searched in PATH of `environment`
  std::vector<std::string> environment;  // "NAME=value"
  std::string directory;                 // empty: the directory of this process
};

/// Where the output of a program goes. Its last part is also kept in memory.
struct OutputTarget {
  Descriptor descriptor;  // empty: the output is discarded
  std::string prefix;     // before each line; if not empty, output is written line by line
};

/// Opens a file to append output to. Throws std::system_error.
Descriptor open_output_file(const std::string& path);

/// Returns a descriptor for the same file, pipe or terminal. Throws std::system_error.
Descriptor duplicate_for_output(int descriptor);

/// The environment of this process, as "NAME=value".
std::vector<std::string> environment_variables();

/// The step of starting a program that the system refused.
enum class StartStep : std::uint8_t { none, fork, change_directory, execute };

class StartError : public std::system_error {
 public:
  StartError(StartStep step, int error) : system_error(error, std::generic_category()), step_(step) {}
  [[nodiscard]] StartStep step() const { return step_; }

 private:
  StartStep step_;
};

/// How a program ended: with an exit code, or by a signal if that is not 0.
struct ProgramExit {
  int code = 0;
  int signal = 0;
};

struct SupervisorState;

/// The host's side of a supervisor. Does not rely on SIGCHLD. If the system can hide a child (Linux), wait(2)
/// in this process does not see the supervisor. Not thread-safe.
class Supervisor {
 public:
  /// Returns after the program is executed. Throws StartError or std::system_error. `grace`: the time between
  /// TERM and KILL if this process ends.
  Supervisor(const Program& program, const OutputTarget& output, std::chrono::milliseconds grace);

  /// Leaves the processes to the supervisor, which ends them as if the host had ended.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  [[nodiscard]] std::int64_t program() const;

  /// The process whose descendants are the program and all processes it started, as far as the system tells.
  [[nodiscard]] std::int64_t root() const { return pid_; }

  /// A descriptor that is readable when has_ended(), is_gone() or exit() may have changed, until
  /// acknowledge().
  [[nodiscard]] int descriptor() const { return control_.get(); }
  void acknowledge() const noexcept;

  /// Whether the program has failed, or has exited and left no descendant. A program that exits with 0 and
  /// leaves descendants runs in the background and has not ended.
  [[nodiscard]] bool has_ended() const;

  /// Empty if the program has not exited, or if the supervisor was killed first.
  [[nodiscard]] std::optional<ProgramExit> exit() const;

  /// The last part of the program's output; any bytes.
  [[nodiscard]] std::string output() const;

  /// Asks the supervisor to end all processes: TERM now, KILL after `grace`, or never if `grace` is negative.
  /// Returns at once. A second call replaces the grace.
  void stop(std::chrono::milliseconds grace);

  /// Whether no process remains, or only processes that cannot be ended; see left_behind().
  [[nodiscard]] bool is_gone() const;

  /// The ID of a process that did not end after KILL; 0 if there is none.
  [[nodiscard]] std::int64_t left_behind() const;

  /// For a forked copy: leaves the supervisor to the original process.
  void disown() { pid_ = 0; }

 private:
  void start(const Program& program, const OutputTarget& output);
  void await_start();

  SupervisorState* state_ = nullptr;  // shared with the supervisor
  Descriptor control_;
  int pid_ = 0;
  std::optional<ProcessWatch> watch_;
};

}  // namespace portend::os
