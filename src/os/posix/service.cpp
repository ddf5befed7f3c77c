// SPDX-License-Identifier: MIT
#include "os/service.hpp"

#include <netdb.h>

#include <memory>
#include <new>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

// Uses getaddrinfo(3), because getservbyname(3) is not thread-safe and getservbyname_r is not in POSIX.
// Without a host, getaddrinfo asks no name server.
std::optional<std::uint16_t> tcp_service_port(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;

  addrinfo* answer = nullptr;
  const int error = getaddrinfo(nullptr, name.c_str(), &hints, &answer);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(answer, &freeaddrinfo);
  if (error == EAI_MEMORY) throw std::bad_alloc();
  if (error != 0 || answer == nullptr) return {};
  return endpoint_of(answer->ai_addr).port;
}

}  // namespace portend::os
