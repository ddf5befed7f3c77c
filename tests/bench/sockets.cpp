// SPDX-License-Identifier: MIT
#include "sockets.hpp"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bare.hpp"

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Held::~Held() {
  if (fd_ >= 0) close(fd_);
}

std::uint16_t Held::port() const {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin_port);  // IPv6 has its port at the same offset
}

void Held::listen() const { ::listen(fd_, SOMAXCONN); }

Held hold(std::uint16_t port) {
  const auto where = bare::loopback(port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return Held(fd);
  close(fd);
  return Held(-1);
}

Held hold_everywhere(std::uint16_t port) {
  sockaddr_in6 where{};
  where.sin6_family = AF_INET6;
  where.sin6_port = htons(port);
  const int no = 0;
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return Held(fd);
  close(fd);
  return Held(-1);
}

std::vector<Held> listeners(std::size_t count) {
  std::vector<Held> result;
  result.reserve(count);
  while (result.size() < count) {
    result.push_back(hold());
    result.back().listen();
  }
  return result;
}
