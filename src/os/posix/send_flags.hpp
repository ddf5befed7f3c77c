// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

namespace portend::os {

/// send(2) without SIGPIPE, where a flag says so.
#ifdef MSG_NOSIGNAL
inline constexpr int without_sigpipe = MSG_NOSIGNAL;
#else
inline constexpr int without_sigpipe = 0;
#endif

}  // namespace portend::os
