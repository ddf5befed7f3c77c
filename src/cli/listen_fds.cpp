// SPDX-License-Identifier: MIT
#include "listen_fds.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "arguments.hpp"
#include "print_error.hpp"

namespace portend::cli {

namespace {

constexpr int first_inherited = 3;

/// Descriptors that this program opened are close-on-exec, so any other belongs to the caller.
void refuse_occupied(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFD);
  if (flags < 0 || (flags & FD_CLOEXEC) != 0) return;
  const auto number = std::to_string(descriptor);
  throw UsageError("Descriptor " + number + " is open: --listen puts the sockets from 3 on. Close it with " +
                   number + ">&- behind the command line.");
}

void put_sockets(const std::vector<NamedSocket>& sockets) {
  const int behind = first_inherited + static_cast<int>(sockets.size());
  std::vector<int> safe;  // above the numbers that are overwritten
  safe.reserve(sockets.size());
  for (const auto& socket : sockets) safe.push_back(fcntl(socket.descriptor, F_DUPFD_CLOEXEC, behind));
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (safe[i] < 0 || dup2(safe[i], first_inherited + static_cast<int>(i)) < 0) {
      throw LibraryFailure{PORTEND_ERR_SYSTEM, std::string("The sockets could not be handed over: ") +
                                                   std::strerror(errno) + "."};
    }
  }
}

}  // namespace

void hand_over(const std::vector<NamedSocket>& sockets, bool with_pid) {
  for (std::size_t i = 0; i < sockets.size(); ++i) refuse_occupied(first_inherited + static_cast<int>(i));
  std::string names;
  for (const auto& socket : sockets) names += (names.empty() ? "" : ":") + socket.name;
  setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
  setenv("LISTEN_FDNAMES", names.c_str(), 1);
  if (with_pid) {
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  } else {
    unsetenv("LISTEN_PID");
  }
  put_sockets(sockets);
}

}  // namespace portend::cli
