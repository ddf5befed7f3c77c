// SPDX-License-Identifier: MIT
#include "os/resolve.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

namespace {

/// A resolver that cannot open its files, or lacks memory, reports that the name does not exist.
bool is_lack(int system_error) {
  return system_error == EMFILE || system_error == ENFILE || system_error == ENOMEM;
}

Resolution::Verdict verdict_of(int error) {
  switch (error) {
    case 0:
      return Resolution::Verdict::found;
    case EAI_AGAIN:
      return Resolution::Verdict::try_again;
    case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    case EAI_NODATA:
#endif
#if defined(EAI_ADDRFAMILY)
    case EAI_ADDRFAMILY:
#endif
      return Resolution::Verdict::no_such_name;
    default:
      return Resolution::Verdict::failed;
  }
}

}  // namespace

Resolution resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;

  addrinfo* answer = nullptr;
  errno = 0;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &answer);
  const int system_error = error == EAI_MEMORY ? ENOMEM : errno;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(answer, &freeaddrinfo);

  Resolution result;
  result.verdict = verdict_of(error);
  const bool lacks = error != 0 && is_lack(system_error);
  if (lacks) result.verdict = Resolution::Verdict::try_again;
  if (lacks || error == EAI_SYSTEM) {
    result.error_text = std::generic_category().message(system_error);
  } else if (error != 0) {
    result.error_text = gai_strerror(error);
  }
  for (const auto* entry = error == 0 ? answer : nullptr; entry != nullptr; entry = entry->ai_next) {
    const auto ip = endpoint_of(entry->ai_addr).ip;
    if (std::ranges::find(result.addresses, ip) == result.addresses.end()) {
      result.addresses.push_back(ip);
    }
  }
  return result;
}

}  // namespace portend::os
