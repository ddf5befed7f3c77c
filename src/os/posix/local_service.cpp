// SPDX-License-Identifier: MIT
#include "os/local_service.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "os/posix/new_socket.hpp"
#include "os/posix/remaining.hpp"
#include "os/posix/send_flags.hpp"

namespace portend::os {

namespace {

struct LocalAddress {
  sockaddr_un value{};
  socklen_t size = 0;
};

std::optional<LocalAddress> local_address(const std::string& text) {
  LocalAddress address;
  address.value.sun_family = AF_UNIX;
  if (text.size() >= sizeof address.value.sun_path) return {};
  std::memcpy(address.value.sun_path, text.c_str(), text.size());
  auto length = text.size();
  if (text.starts_with('@')) {
    address.value.sun_path[0] = '\0';
  } else {
    ++length;  // a path ends with a NUL, an abstract name after its length
  }
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  return address;
}

/// Whether to retry a call that would have blocked: the descriptor is ready, or a signal came.
bool may_retry(const Descriptor& socket, short events, Instant until) {
  if (errno == EINTR) return remaining_ms(until) > 0;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  const int timeout_ms = remaining_ms(until);
  pollfd ready{.fd = socket.get(), .events = events, .revents = 0};
  return timeout_ms > 0 && (::poll(&ready, 1, timeout_ms) > 0 || errno == EINTR);
}

/// Connects an AF_UNIX socket. Such a connect never continues in the background: if the accept queue is full
/// it fails at once, and no event reports when there is room.
bool connect_to(const Descriptor& socket, const LocalAddress& to, Instant until) {
  constexpr int pause_ms = 2;
  while (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to.value), to.size) != 0) {
    if (errno == EINTR) continue;
    const int left_ms = remaining_ms(until);
    if (errno != EAGAIN || left_ms == 0) return false;
    ::poll(nullptr, 0, std::min(pause_ms, left_ms));
  }
  return true;
}

bool send_request(const Descriptor& socket, const std::string& request, Instant until) {
  for (std::size_t sent = 0; sent < request.size();) {
    const auto count = send(socket.get(), request.data() + sent, request.size() - sent, without_sigpipe);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (!may_retry(socket, POLLOUT, until)) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> receive_line(const Descriptor& socket, Instant until) {
  std::string line;
  std::array<char, 64> room{};
  while (line.size() < room.size() && Clock::now() < until) {
    const auto count = recv(socket.get(), room.data(), room.size(), 0);
    if (count == 0) return {};
    if (count < 0) {
      if (!may_retry(socket, POLLIN, until)) return {};
      continue;
    }
    line.append(room.data(), static_cast<std::size_t>(count));
    if (const auto end = line.find('\n'); end != line.npos) return line.substr(0, end);
  }
  return {};
}

}  // namespace

std::optional<std::string> ask_local_service(const std::string& address, const std::string& request,
                                             Instant until) {
  const auto to = local_address(address);
  const auto socket = new_socket(AF_UNIX, SOCK_STREAM, Blocking::no);
  if (!to || !socket) return {};
  if (!connect_to(socket, *to, until) || !send_request(socket, request, until)) return {};
  return receive_line(socket, until);
}

}  // namespace portend::os
