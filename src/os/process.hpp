// SPDX-License-Identifier: MIT
// Other processes: whether they are alive, and their names.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "os/descriptor.hpp"

namespace portend::os {

/// Identifies one process for as long as this object lives, even if its ID is reused.
class ProcessWatch {
 public:
  explicit ProcessWatch(std::int64_t pid);

  [[nodiscard]] bool alive() const;

  /// A descriptor that is readable after the process has died; -1 if only alive() can tell.
  [[nodiscard]] int descriptor() const { return pidfd_.get(); }

 private:
  std::int64_t pid_;
  Descriptor pidfd_;
};

struct Owner {
  std::int64_t pid = 0;
  std::string name;
};

/// For each socket (by inode, sorted): the oldest visible process that has it open.
std::vector<Owner> owners(std::span<const std::uint64_t> inodes);

/// The same as owners(), without names; 0 if no visible process has the socket.
std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes);

/// What a process says about itself; any bytes.
struct ProcessDetails {
  std::int64_t parent = 0;
  std::string name;
  std::string command_line;  // its arguments, joined by spaces; truncated if very long
};

/// All fields are empty if the process has ended or may not be inspected.
ProcessDetails process_details(std::int64_t pid);

/// The name of a user, or the number if there is no name.
std::string user_name(std::uint32_t user);

std::int64_t own_pid();

}  // namespace portend::os
