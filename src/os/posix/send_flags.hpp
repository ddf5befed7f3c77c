// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

namespace portend::os {

/// Makes send(2) raise no SIGPIPE, on systems with a flag for it.
#ifdef MSG_NOSIGNAL
inline constexpr int without_sigpipe = MSG_NOSIGNAL;
#else
inline constexpr int without_sigpipe = 0;
#endif

}  // namespace portend::os
