// SPDX-License-Identifier: MIT
// A server that starts and stops at exact moments, controlled by lines:
//
//     bind            binds a new port of 127.0.0.1 without listening, and prints it
//     listen MOMENT   listens from then on
//     close MOMENT    closes the socket
//     kill MOMENT     kills (SIGKILL) a child that has the only copy of the socket
//
// Moments are nanoseconds of CLOCK_MONOTONIC. The last three print when they started to act, because a
// process that close() wakes may run before close() returns.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <iostream>
#include <optional>
#include <string>

#include "sockets.hpp"

namespace {

constexpr long second = 1000000000L;

long now() {
  timespec moment{};
  clock_gettime(CLOCK_MONOTONIC, &moment);
  return moment.tv_sec * second + moment.tv_nsec;
}

void sleep_until(long moment) {
  const timespec until{.tv_sec = moment / second, .tv_nsec = moment % second};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0) {
  }
}

/// A child that keeps the open files of this process.
pid_t fork_owner() {
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  return child;
}

long kill_at(long moment, std::optional<Held>& socket) {
  const pid_t owner = fork_owner();
  socket.reset();
  sleep_until(moment);
  const auto began = now();
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  return began;
}

long obey(const std::string& order, std::optional<Held>& socket) {
  if (order == "bind") {
    socket.reset();
    return socket.emplace(hold()).port();
  }
  long moment = 0;
  std::cin >> moment;
  if (order == "kill") return kill_at(moment, socket);
  sleep_until(moment);
  const auto began = now();
  if (order == "listen") {
    socket->listen();
  } else {
    socket.reset();
  }
  return began;
}

}  // namespace

int main() {
  std::optional<Held> socket;
  std::string order;
  while (std::cin >> order) std::cout << obey(order, socket) << std::endl;
}
