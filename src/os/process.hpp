// SPDX-License-Identifier: MIT
// Other processes: whether they live, and their names.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "os/descriptor.hpp"

namespace portend::os {

/// One process, for as long as this object lives.
class ProcessWatch {
 public:
  explicit ProcessWatch(std::int64_t pid);

  [[nodiscard]] bool alive() const;

  /// Readable when the process has died; -1 where only alive() tells.
  [[nodiscard]] int descriptor() const { return pidfd_.get(); }

 private:
  std::int64_t pid_;
  Descriptor pidfd_;
};

struct Owner {
  std::int64_t pid = 0;
  std::string name;
};

/// For each socket (by inode, sorted) the oldest process that holds it, as far as it may be
/// seen.
std::vector<Owner> owners(std::span<const std::uint64_t> inodes);

/// The same without names; 0 where no process may be seen.
std::vector<std::int64_t> owner_pids(std::span<const std::uint64_t> inodes);

/// What a process says of itself: any bytes.
struct ProcessDetails {
  std::int64_t parent = 0;
  std::string name;
  std::string command_line;  // its arguments with spaces between them, cut where it is very long
};

/// All empty for a process that has ended or may not be seen.
ProcessDetails process_details(std::int64_t pid);

/// The name of a user, or the number where there is none.
std::string user_name(std::uint32_t user);

std::int64_t own_pid();

}  // namespace portend::os
