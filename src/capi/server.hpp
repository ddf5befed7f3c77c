// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "capi/handle.hpp"
#include "server/server.hpp"

struct portend_server : portend::capi::Handle {
  portend::server::Server server;
  std::string output_text;  // returned to the caller; guarded by the mutex of the handle
};

namespace portend::capi {

/// Explains why a program could not be started.
std::string explain_start(const server::Server& server, const os::StartError& error);

/// Explains why a server is not ready.
std::string explain_unready(const server::Server& server, server::Readiness readiness);

/// Explains why a server is not stopped.
std::string explain_unstopped(const server::Server& server, server::Stop stop);

/// The exit code, or 128 plus the signal.
int shell_status(const os::ProgramExit& exit);

/// Removes an incomplete first line, and NULs.
std::string output_lines(const std::string& output);

}  // namespace portend::capi
