// SPDX-License-Identifier: MIT
// The processes that listen on ports, for signaling them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "handles.hpp"

namespace portend::cli {

struct PortOwner {
  std::int64_t pid = 0;                // 0: the process may not be inspected
  std::string text;                    // "python3 (pid 4711, user root)"
  std::vector<std::string> addresses;  // "127.0.0.1:80"
};

struct Listener {
  std::string address;
  int port = 0;
};

struct PortOwners {
  std::vector<PortOwner> owners;
  std::vector<Listener> listeners;

  [[nodiscard]] bool has(std::int64_t pid) const;
};

/// Returns the current owners. Throws LibraryFailure.
PortOwners owners_of(const std::vector<int>& ports);

}  // namespace portend::cli
