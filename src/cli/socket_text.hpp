// SPDX-License-Identifier: MIT
// Formats a socket of a snapshot for people and as JSON.
#pragma once

#include <array>
#include <string>

#include <portend/portend.h>
#include <nlohmann/json_fwd.hpp>

namespace portend::cli {

struct SocketRef {
  const portend_sockets* snapshot = nullptr;
  int index = 0;
};

/// Returns "127.0.0.1:80", "[::1]:80", or "*:80" for both families.
std::string local_text(const SocketRef& socket);

/// The same for the peer; "-" if there is none.
std::string peer_text(const SocketRef& socket);

/// Returns "listening" or "time-wait 43s".
std::string state_text(const SocketRef& socket);

/// The owner's process ID, name, user, parent and command line; "-" for unknown values.
std::array<std::string, 5> owner_columns(const SocketRef& socket);

/// Returns "python3 (pid 4711, user root)".
std::string owner_text(const SocketRef& socket);

/// Whether the socket's owner is a process that this user may not inspect.
bool has_unseen_owner(const SocketRef& socket);

nlohmann::ordered_json json_of(const SocketRef& socket);

}  // namespace portend::cli
