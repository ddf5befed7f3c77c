// SPDX-License-Identifier: MIT
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "bare.hpp"

namespace bare {

namespace {

int dialling_socket() { return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

int dial(int socket, const sockaddr_in& to) {
  return connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

void close_by_reset(int socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(socket);
}

/// Returns how an attempt ended, and closes its socket.
bool conclude(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) {
    close_by_reset(socket);
  } else {
    close(socket);
  }
  return error == 0;
}

/// Encodes an attempt under way for epoll.
std::uint64_t note(std::size_t target, int socket) { return target << 32 | static_cast<unsigned>(socket); }

void begin(int epoll, const sockaddr_in& to, std::size_t target) {
  const int socket = dialling_socket();
  dial(socket, to);
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.u64 = note(target, socket);
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

}  // namespace

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// On this machine, an attempt is decided when connect() returns; the second call reports the result.
bool accepts(std::uint16_t port) {
  const auto to = loopback(port);
  const int socket = dialling_socket();
  dial(socket, to);
  const bool open = dial(socket, to) == 0;
  if (open) {
    close_by_reset(socket);
  } else {
    close(socket);
  }
  return open;
}

bool is_served(std::uint16_t port) { return is_listening(port) || accepts(port); }

std::vector<bool> look_by_epoll(std::span<const sockaddr_in> targets, std::size_t window) {
  std::vector<bool> found(targets.size());
  std::array<epoll_event, 256> events;
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  std::size_t next = 0;
  std::size_t under_way = 0;
  while (next < targets.size() || under_way > 0) {
    for (; next < targets.size() && under_way < window; ++next, ++under_way)
      begin(epoll, targets[next], next);
    const int answered = epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < answered; ++i) {
      const auto which = events[static_cast<std::size_t>(i)].data.u64;
      found[which >> 32] = conclude(static_cast<int>(which & 0xffffffffU));
      --under_way;
    }
  }
  close(epoll);
  return found;
}

}  // namespace bare
