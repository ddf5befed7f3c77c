// SPDX-License-Identifier: MIT
#include "signal_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "print_error.hpp"

namespace portend::cli {

SignalPipe open_signal_pipe() {
  std::array<int, 2> ends{};
  bool made = pipe(ends.data()) == 0;
  for (const int end : ends) {
    made = made && fcntl(end, F_SETFD, FD_CLOEXEC) == 0 && fcntl(end, F_SETFL, O_NONBLOCK) == 0;
  }
  if (!made) {
    throw LibraryFailure{PORTEND_ERR_SYSTEM, std::string("portend: the system refused a pipe for signals: ") +
                                                 std::strerror(errno) + "."};
  }
  return {ends[0], ends[1]};
}

}  // namespace portend::cli
