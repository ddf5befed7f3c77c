// SPDX-License-Identifier: MIT
// Runs a program under a supervisor: a process between this one and the program, which starts it, takes its
// output, and ends it with all its descendants when it is told to, or when this process has ended.
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
  std::vector<std::string> arguments;    // the first one is looked for in PATH of the environment
  std::vector<std::string> environment;  // "NAME=value"
  std::string directory;                 // that of this process if it is empty
};

/// Where the output of a program goes, besides the last part of it that is kept.
struct OutputTarget {
  Descriptor descriptor;  // nowhere if it is empty
  std::string prefix;     // of each line; with a prefix lines are written one by one
};

/// A file that output is appended to. Throws std::system_error.
Descriptor open_output_file(const std::string& path);

/// A descriptor for the same file, pipe or terminal. Throws std::system_error.
Descriptor duplicate_for_output(int descriptor);

/// The variables of this process, "NAME=value".
std::vector<std::string> environment_variables();

/// Which step of starting a program the system refused.
enum class StartStep : std::uint8_t { none, fork, change_directory, execute };

class StartError : public std::system_error {
 public:
  StartError(StartStep step, int error) : system_error(error, std::generic_category()), step_(step) {}
  [[nodiscard]] StartStep step() const { return step_; }

 private:
  StartStep step_;
};

/// How a program ended: by exit with a code, or by a signal that is not 0.
struct ProgramExit {
  int code = 0;
  int signal = 0;
};

struct SupervisorState;

/// The side of this process. None of it needs SIGCHLD, and where the system can hide a child (Linux) wait(2)
/// in this process does not see the supervisor either. One thread at a time.
class Supervisor {
 public:
  /// Returns when the program is executed. Throws StartError, or std::system_error. `grace`: between TERM
  /// and KILL if this process ends.
  Supervisor(const Program& program, const OutputTarget& output, std::chrono::milliseconds grace);

  /// Leaves the processes to the supervisor, which ends them as if this process had ended.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  [[nodiscard]] std::int64_t program() const;

  /// The process whose descendants are the program and all that it started, as far as the system tells.
  [[nodiscard]] std::int64_t root() const { return pid_; }

  /// Readable when has_ended(), is_gone() or exit() may have changed, until acknowledge().
  [[nodiscard]] int descriptor() const { return control_.get(); }
  void acknowledge() const noexcept;

  /// Whether the program has exited with a failure, or has exited and left no descendant. A program that
  /// exits with 0 and leaves descendants has gone to the background.
  [[nodiscard]] bool has_ended() const;

  /// Nothing if the program has not exited, or if the supervisor was killed before.
  [[nodiscard]] std::optional<ProgramExit> exit() const;

  /// The last part of what the program wrote: any bytes.
  [[nodiscard]] std::string output() const;

  /// Asks for the end of all processes: TERM now, KILL after `grace`, or never if that is negative. Returns
  /// at once; a second call replaces the grace.
  void stop(std::chrono::milliseconds grace);

  /// Whether no process is left, or only one that cannot be ended; see left_behind().
  [[nodiscard]] bool is_gone() const;

  /// A process that did not end after KILL; 0 for none.
  [[nodiscard]] std::int64_t left_behind() const;

  /// Leaves the supervisor to the process that started it: for a copy that was forked.
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
