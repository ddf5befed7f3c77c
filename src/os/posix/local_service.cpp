// SPDX-License-Identifier: MIT
#include "os/local_service.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "os/posix/new_socket.hpp"

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
    ++length;  // a path ends with a NUL, an abstract name where its length says
  }
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  return address;
}

void limit_waiting(const Descriptor& socket, std::chrono::seconds limit) {
  const timeval time{.tv_sec = limit.count(), .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

}  // namespace

std::optional<std::string> ask_local_service(const std::string& address, const std::string& request,
                                             std::chrono::seconds limit) {
  const auto to = local_address(address);
  const auto socket = new_socket(AF_UNIX, SOCK_STREAM, Blocking::yes);
  if (!to || !socket) return {};
  limit_waiting(socket, limit);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to->value), to->size) != 0) return {};
  const auto sent = send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) return {};
  std::string line;
  std::array<char, 64> room{};
  while (line.size() < room.size()) {
    const auto count = recv(socket.get(), room.data(), room.size(), 0);
    if (count <= 0) return {};
    line.append(room.data(), static_cast<std::size_t>(count));
    if (const auto end = line.find('\n'); end != line.npos) return line.substr(0, end);
  }
  return {};
}

}  // namespace portend::os
