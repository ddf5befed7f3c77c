// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace portend::os {

/// Whether a process or one of its descendants has one of the sockets open (by inode). nullopt if the system
/// does not tell, or if no visible process has one and this user may not inspect one of these processes.
std::optional<bool> process_tree_holds(std::int64_t pid, std::span<const std::uint64_t> inodes);

}  // namespace portend::os
