// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace portend::os {

/// Whether a process or a descendant of it holds one of the sockets (by inode). nullopt where
/// the system does not tell, or where this user may not see what one of them holds and no
/// process that can be seen holds the sockets.
std::optional<bool> process_tree_holds(std::int64_t pid, std::span<const std::uint64_t> inodes);

}  // namespace portend::os
