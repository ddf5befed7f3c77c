// SPDX-License-Identifier: MIT
// A socket of a snapshot, as text for people and as JSON.
#pragma once

#include <array>
#include <string>

#include <portend/portend.h>
#include <nlohmann/json.hpp>

namespace portend::cli {

struct SocketRef {
  const portend_sockets* snapshot = nullptr;
  int index = 0;
};

/// "127.0.0.1:80", "[::1]:80", and "*:80" for both families.
std::string local_text(const SocketRef& socket);

/// The same of the other end; "-" if there is none.
std::string peer_text(const SocketRef& socket);

/// "listening", or "time-wait 43s".
std::string state_text(const SocketRef& socket);

/// Its process by number, name, user, parent and command line; "-" for what is not known.
std::array<std::string, 5> owner_columns(const SocketRef& socket);

/// "python3 (pid 4711, user root)"
std::string owner_text(const SocketRef& socket);

/// Whether a process owns it that this user may not see.
bool has_unseen_owner(const SocketRef& socket);

nlohmann::ordered_json json_of(const SocketRef& socket);

}  // namespace portend::cli
