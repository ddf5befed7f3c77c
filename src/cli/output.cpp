// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <nlohmann/json.hpp>

#include "print_error.hpp"

namespace portend::cli {

namespace {

[[noreturn]] void fail_to_write(int error) {
  throw LibraryFailure{PORTEND_ERR_SYSTEM,
                       std::string("The output could not be written: ") + std::strerror(error) + "."};
}

}  // namespace

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    fail_to_write(errno);
  }
}

void print_json(const nlohmann::ordered_json& json) {
  print(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

bool reader_is_gone() {
  pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

void die_of_sigpipe() {
  std::raise(SIGPIPE);
  fail_to_write(EPIPE);
}

void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // open() returns the lowest closed descriptor. The mode is the wrong one on purpose, so that using the
    // descriptor fails, as it would if closed.
    const int mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    static_cast<void>(open("/dev/null", mode | O_CLOEXEC));
  }
}

}  // namespace portend::cli
