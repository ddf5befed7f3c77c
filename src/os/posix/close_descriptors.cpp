// SPDX-License-Identifier: MIT
#include "os/posix/close_descriptors.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>

#include "os/posix/supervisor_system.hpp"

namespace portend::os {

void close_all_except(std::span<const int> sorted) noexcept {
  const auto close_between = [](unsigned first, unsigned last) {
    if (!close_range_at_once(first, last)) close_open(first, last);
  };
  unsigned next = 0;
  for (const int kept : sorted) {
    if (kept < 0) continue;
    const auto fd = static_cast<unsigned>(kept);
    if (fd > next) close_between(next, fd - 1);
    next = fd + 1;
  }
  close_between(next, UINT_MAX);
}

/// Containers may allow a million descriptors or more. So poll(2) tells of many at once which are open, and
/// only those are closed.
void close_open(unsigned first, unsigned last) noexcept {
  std::array<pollfd, 256> asked;
  const std::int64_t limit = sysconf(_SC_OPEN_MAX);
  const std::int64_t end =
      limit < 0 ? INT_MAX : std::min<std::int64_t>({limit, INT_MAX, std::int64_t(last) + 1});
  for (std::int64_t next = first; next < end;) {
    const auto count = std::min<std::int64_t>(end - next, asked.size());
    for (auto& each : std::span(asked).first(static_cast<std::size_t>(count))) {
      each = {.fd = static_cast<int>(next++), .events = 0, .revents = 0};
    }
    const bool told = poll(asked.data(), static_cast<nfds_t>(count), 0) >= 0;
    for (const auto& each : std::span(asked).first(static_cast<std::size_t>(count))) {
      if (!told || (each.revents & POLLNVAL) == 0) close(each.fd);
    }
  }
}

}  // namespace portend::os
