// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "capi/handle.hpp"
#include "server/server.hpp"

struct portend_server : portend::capi::Handle {
  portend::server::Server server;
  std::string output_text;  // that was asked for; guarded by the mutex of the handle
};

namespace portend::capi {

/// What failed when a program was started.
std::string explain_start(const server::Server& server, const os::StartError& error);

/// Why a server is not ready. `seconds` is how long it was waited for.
std::string explain_unready(const server::Server& server, server::Readiness readiness);

/// Why a server is not stopped.
std::string explain_unstopped(const server::Server& server, server::Stop stop);

/// 128 and the signal, or the exit code.
int shell_status(const os::ProgramExit& exit);

/// Without the rest of a line that it begins with, and without NUL.
std::string output_lines(const std::string& output);

}  // namespace portend::capi
